include "common"; def check: empty;
