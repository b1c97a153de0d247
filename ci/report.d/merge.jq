# merge: the runs of several documents as one; a run that is in two of them is there once.
include "common";

def merge:
  [inputs | checked(input_filename)] |
  if length != $count then refuse("\($files): \(length) JSON documents, not \($count)") else . end |
  {
    schema: schema,
    runs: [.[].runs[]] | group_by(.kernel | [.name, .arch, .date]) | map(.[0]) | by_kernel
  };
