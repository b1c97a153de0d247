# csdesign: classic concurrent servers, and what the kernel does with them.
# Every list below is a wildcard: a new server, probe, behaviour or test needs no edit here.

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

CC       = cc
CFLAGS   = -O2 -g
PREFIX   = /usr/local
DESTDIR  =
BUILD    = build
V        = 0

WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
           -Wpointer-arith -Wvla -Werror
override ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -pthread -Isrc -MMD -MP $(WARNINGS) $(CFLAGS)
Q        = $(if $(filter 1,$(V)),,@)
say      = $(if $(filter 1,$(V)),,@echo "  $(1)" $(patsubst $(BUILD)/%,%,$@))

programs := $(basename $(notdir $(wildcard src/*.c misc/*.c)))
probes   := $(patsubst misc/%.c,%,$(wildcard misc/*/*.c))
units    := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c))
lib      := $(patsubst src/lib/%.c,$(BUILD)/obj/lib/%.o,$(wildcard src/lib/*.c))

all: $(programs:%=$(BUILD)/bin/%) $(probes:%=$(BUILD)/misc/%)
unit-programs: $(units:%=$(BUILD)/unit/%)

$(BUILD)/libcsdesign.a: $(lib)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/obj/lib/%.o: src/lib/%.c $(BUILD)/flags
	$(call say,CC)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/bin/%: src/%.c $(BUILD)/libcsdesign.a
	$(call say,CC)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -o $@ $< $(BUILD)/libcsdesign.a $(LDFLAGS) $(LIBS)

$(BUILD)/bin/%: misc/%.c $(BUILD)/libcsdesign.a
	$(call say,CC)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -o $@ $< $(BUILD)/libcsdesign.a $(LDFLAGS) $(LIBS)

$(BUILD)/misc/%: misc/%.c $(BUILD)/libcsdesign.a
	$(call say,CC)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -o $@ $< $(BUILD)/libcsdesign.a $(LDFLAGS) $(LIBS)

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libcsdesign.a
	$(call say,CC)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -o $@ $< $(BUILD)/libcsdesign.a $(LDFLAGS) -lcmocka -lpcap

$(BUILD)/bin/wire: LIBS = -lpcap

# Another compiler or other flags rebuild everything.
$(BUILD)/flags: FORCE
	$(Q)mkdir -p $(@D); echo '$(CC) $(ALL_CFLAGS) $(LDFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS) $(LDFLAGS)' >$@

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: all unit-programs clean FORCE
