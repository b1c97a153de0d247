# csdesign: classic concurrent servers, and what the kernel does with them.
# Every list below is a wildcard: a new server, probe, behaviour or test needs no edit here.

.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules
parallel  := $(if $(MAKELEVEL:0=)$(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
MAKEFLAGS += $(parallel)

CC       = cc
CFLAGS   = -O2 -g
PREFIX   = /usr/local
DESTDIR  =
BUILD    = build
V        = 0

WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
           -Wpointer-arith -Wvla -Werror
override ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -pthread -Isrc $(WARNINGS) $(CFLAGS)
# Symbols are found once, at the start: else every child that a server forks looks for them again,
# and what it finds is a page of its own to be written.
override ALL_LDFLAGS = -Wl,-z,now $(LDFLAGS)
# What each file includes, beside the programs rather than among them.
deps     = -MMD -MP -MF $(BUILD)/deps/$(subst /,-,$(@:$(BUILD)/%=%)).d
Q        = $(if $(filter 1,$(V)),,@)
say      = $(if $(filter 1,$(V)),,@echo "  $(1)" $(patsubst $(BUILD)/%,%,$@))

programs := $(basename $(notdir $(wildcard src/*.c misc/*.c))) $(patsubst src/%.c,%,$(wildcard src/bench/*.c))
probes   := $(patsubst misc/%.c,%,$(wildcard misc/*/*.c))
units    := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c))
lib      := $(patsubst src/lib/%.c,$(BUILD)/obj/lib/%.o,$(wildcard src/lib/*.c))

# `make -j deps check` installs first, too: all else needs the library.
$(lib): | $(filter deps deps-develop,$(MAKECMDGOALS))

all: $(programs:%=$(BUILD)/bin/%) $(probes:%=$(BUILD)/misc/%)
unit-programs: $(units:%=$(BUILD)/unit/%)

$(BUILD)/libcsdesign.a: $(lib)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/obj/lib/%.o: src/lib/%.c $(BUILD)/flags
	$(call say,CC)
	$(Q)mkdir -p $(@D) $(BUILD)/deps && $(CC) $(ALL_CFLAGS) $(deps) -c -o $@ $<

$(BUILD)/bin/%: src/%.c $(BUILD)/libcsdesign.a
	$(call say,CC)
	$(Q)mkdir -p $(@D) $(BUILD)/deps && $(CC) $(ALL_CFLAGS) $(deps) -o $@ $< $(BUILD)/libcsdesign.a $(ALL_LDFLAGS) $(LIBS)

$(BUILD)/bin/%: misc/%.c $(BUILD)/libcsdesign.a
	$(call say,CC)
	$(Q)mkdir -p $(@D) $(BUILD)/deps && $(CC) $(ALL_CFLAGS) $(deps) -o $@ $< $(BUILD)/libcsdesign.a $(ALL_LDFLAGS) $(LIBS)

$(BUILD)/misc/%: misc/%.c $(BUILD)/libcsdesign.a
	$(call say,CC)
	$(Q)mkdir -p $(@D) $(BUILD)/deps && $(CC) $(ALL_CFLAGS) $(deps) -o $@ $< $(BUILD)/libcsdesign.a $(ALL_LDFLAGS) $(LIBS)

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libcsdesign.a
	$(call say,CC)
	$(Q)mkdir -p $(@D) $(BUILD)/deps && $(CC) $(ALL_CFLAGS) $(deps) -o $@ $< $(BUILD)/libcsdesign.a $(ALL_LDFLAGS) -lcmocka -lpcap

$(BUILD)/bin/wire: LIBS = -lpcap
$(BUILD)/unit/test-wire-program: | $(BUILD)/bin/wire

# Another compiler or other flags rebuild everything.
$(BUILD)/flags: FORCE
	$(Q)mkdir -p $(@D); echo '$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)' >$@

# --- tests -------------------------------------------------------------------------------------
# FILTER=regex of titles, BEHAVIOUR=stem or area/stem, AREA=names, JOBS=how many at once; BATS=1: behaviours
# by bats, too, which takes longer (tests/run).

KERNEL    = host
FILTER    =
BEHAVIOUR =
AREA      =
JOBS      =
BATS      = 0

areas     = $(filter-out prog-% self-%,$(basename $(notdir $(wildcard tests/bats/*.bats))))
tests     = $(if $(AREA),$(AREA:%=tests/bats/%.bats),$(sort $(wildcard tests/bats/*.bats)))
chosen    = $(or $(FILTER),$(if $(BEHAVIOUR),(^|[ /])$(BEHAVIOUR):))
run       = tests/run $(if $(filter-out 0,$(BATS)),-b) $(if $(JOBS),-j $(JOBS)) $(if $(chosen),-f '$(chosen)')

check: all unit-programs
	$(Q)CSDESIGN_BUILD=$(abspath $(BUILD)) $(run) -o $(BUILD)/report/check $(if $(AREA),,unit) wire $(tests)

unit: unit-programs
	$(Q)CSDESIGN_BUILD=$(abspath $(BUILD)) $(run) -o $(BUILD)/report/unit unit

wire: $(BUILD)/bin/wire
	$(Q)CSDESIGN_BUILD=$(abspath $(BUILD)) $(run) -o $(BUILD)/report/wire wire

self: all
	$(Q)CSDESIGN_BUILD=$(abspath $(BUILD)) $(run) -o $(BUILD)/report/self $(sort $(wildcard tests/bats/self-*.bats))

verify: all
	$(Q)CSDESIGN_BUILD=$(abspath $(BUILD)) ci/verify $(foreach k,$(KERNEL),-k $(k)) \
	    $(if $(KERNEL_ARGS),-a '$(KERNEL_ARGS)') $(if $(KERNEL_MODULES),-m $(KERNEL_MODULES)) \
	    $(if $(BASELINE),-b $(BASELINE)) $(if $(JOBS),-j $(JOBS)) $(if $(FILTER),-f '$(FILTER)') $(AREA) $(BEHAVIOUR)

list:
	$(Q)ci/list

record: all
	$(Q)ci/record $(or $(BEHAVIOUR),$(error record: name one, as in make record BEHAVIOUR=rst/linger-zero-close))

# QUICK=1: under a minute. SECTION=names, ROUNDS=how many; KERNEL= one to boot. PEER_PYTHON=, PEER_UNP=:
# directories of others' servers.
bench: all
	$(Q)CSDESIGN_BUILD=$(abspath $(BUILD)) PEER_PYTHON=$(PEER_PYTHON) PEER_UNP=$(PEER_UNP) \
	    ci/bench $(if $(filter-out 0,$(QUICK)),-q) $(if $(ROUNDS),-r $(ROUNDS)) -k $(KERNEL) $(SECTION)

# Breaks the probes of BEHAVIOUR= and AREA=, one place at a time, and forges what the kernel answers them:
# which facts cannot fail?
mutants: all
	$(Q)CSDESIGN_BUILD=$(abspath $(BUILD)) ci/mutants $(if $(JOBS),-j $(JOBS)) $(AREA) $(BEHAVIOUR)

kernels:
	$(Q)ci/kernels list

bisect: all
	$(Q)ci/bisect '$(GOOD)' '$(BAD)' $(BEHAVIOUR)

report:
	$(Q)ci/report merge $(REPORTS) >$(BUILD)/report/merged.json
	$(Q)ci/report html $(BUILD)/report/merged.json >$(BUILD)/report/matrix.html
	$(Q)ci/report text $(BUILD)/report/merged.json

# What the documentation shows of the fixtures and of the tests.
pages: pictures
	$(Q)ci/differences >docs/differences.md
	$(Q)ci/pages index >docs/README.md
	$(Q)for page in $(areas) $(filter serv-%,$(programs)); do ci/pages $$page >docs/$$page.md || exit; done

pictures: $(patsubst tests/pcap/%.pcap,docs/img/%.svg,$(wildcard tests/pcap/*/*.pcap)) \
          $(patsubst docs/img/src/%.dot,docs/img/%.svg,$(wildcard docs/img/src/*.dot))
docs/img/%.svg: docs/img/src/%.dot
	$(call say,DOT)
	$(Q)dot -Tsvg $< | sed '/Generated by graphviz/,/-->/d' >$@
docs/img/%.svg: tests/pcap/%.wire tests/pcap/%.pcap $(BUILD)/bin/wire
	$(call say,LADDER)
	$(Q)mkdir -p $(@D) && $(BUILD)/bin/wire ladder -e $< $(word 2,$^) >$@

# --- development -------------------------------------------------------------------------------

deps:
	$(Q)ci/install verify $(if $(filter-out host,$(KERNEL)),kernels) $(if $(filter bench,$(MAKECMDGOALS)),bench)

deps-develop:
	$(Q)ci/install verify kernels bench develop

c_files     := $(wildcard src/*.[ch] src/bench/*.[ch] src/lib/*.[ch] misc/*.[ch] misc/*/*.[ch] tests/unit/*.[ch])
bash_files  := $(wildcard tests/bats/lib/*.bash) tests/run tests/light tests/bats/self/no-tcpdump/tcpdump \
               $(filter-out %.d %.awk,$(wildcard ci/*)) ci/bench.d/measure ci/bench.d/page ci/bench.d/plots .ci/run
bats_files  := $(wildcard tests/bats/*.bats tests/bats/self/*.bats)

lint: all unit-programs
	$(Q)clang-format --dry-run -Werror $(c_files)
	$(Q)shfmt -d $(bash_files)
	$(Q)shfmt -ln bats -d $(bats_files)
	$(Q)shellcheck -x $(bash_files)
	$(Q)shellcheck -s bash $(bats_files)
	$(Q)cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
	    --error-exitcode=1 -Isrc $(filter %.c,$(c_files))
	$(Q)$(MAKE) --no-print-directory tidy

# One file at a time: of several clang-tidy 14 misunderstands va_list (LLVM issue 40656), and only
# what changed needs to be checked again.
tidy: $(patsubst %.c,$(BUILD)/tidy/%.said,$(filter %.c,$(c_files)))
$(BUILD)/tidy/%.said: %.c .clang-tidy $(filter %.h,$(c_files))
	$(call say,TIDY)
	$(Q)mkdir -p $(@D) && clang-tidy --quiet $< -- -std=gnu11 -D_GNU_SOURCE -Isrc >$@ 2>&1 || \
	    { cat $@; exit 1; }

# The whole suite under AddressSanitizer and UndefinedBehaviorSanitizer, then the threaded programs
# under ThreadSanitizer.
SANITIZED = -O1 -g -fno-omit-frame-pointer
sanitize:
	$(MAKE) BUILD=$(BUILD)/asan CC=$(CC) \
	    CFLAGS='$(SANITIZED) -fsanitize=address,undefined -fno-sanitize-recover=all' check
	$(MAKE) BUILD=$(BUILD)/tsan CC=$(CC) CFLAGS='$(SANITIZED) -fsanitize=thread' check

# The whole suite with every program of ours under valgrind: wrappers take the place of the build.
# They are for bash, because another shell drops the functions that a test exports, as does the one
# of Debian's own wrapper. Leaks are AddressSanitizer's part. One report is valgrind 3.19's own: that
# ppoll(sigmask) lies in arena "core", where a signal comes just before the call.
#
# Only as fuse-compatible, in which it fails in close_range(), does it let other threads run while one
# is in close(), where these linger.
LINGERING = close/linger-interrupted close/linger-wait-timeout
#
# A few are run without it, for it is valgrind that would be seen: it keeps RLIMIT_NOFILE to itself,
# runs handlers later than the kernel would, knows neither epoll_pwait2() nor that F_OFD_SETLKW waits,
# checks pointers where bad ones are the subject, and cannot be run as /proc/self/exe.
UNCHECKED = accept/emfile-keeps-connection scm/in-flight-limit scm/receiver-nofile-limit \
            signal/select-fd-limits uring/multishot-accept \
            signal/sigio-per-event signal/restart-matrix \
            signal/multiplexers-never-restart signal/restart-waits \
            accept/bad-address-loses-connection \
            accept/inherited-listener-keeps-port
VALGRIND = $(or $(wildcard /usr/bin/valgrind.bin),valgrind) --quiet --error-exitcode=99
# All that it runs is busy: more of them at once would only wait for each other, and the kernel's timers
# do not wait for them.
valgrind: JOBS = $(shell nproc)
valgrind: all unit-programs
	$(Q)rm -rf $(BUILD)/valgrind
	$(Q)install -d $(BUILD)/valgrind && ln -s ../flags ../libcsdesign.a $(BUILD)/valgrind
	$(Q)for program in $(programs:%=bin/%) $(probes:%=misc/%) $(units:%=unit/%); do \
	    install -D /dev/null $(BUILD)/valgrind/$$program && \
	    printf '#!/bin/bash\nexec %s "$$@"\n' "$(VALGRIND) $(abspath $(BUILD))/$$program" \
	    >$(BUILD)/valgrind/$$program || exit; \
	done
	$(Q)for program in $(LINGERING:%=misc/%); do \
	    printf '#!/bin/bash\nexec %s "$$@"\n' \
	    "$(VALGRIND) --sim-hints=fuse-compatible $(abspath $(BUILD))/$$program" \
	    >$(BUILD)/valgrind/$$program || exit; \
	done
	$(Q)for program in $(UNCHECKED:%=misc/%); do \
	    printf '#!/bin/bash\nexec %s "$$@"\n' "$(abspath $(BUILD))/$$program" \
	    >$(BUILD)/valgrind/$$program || exit; \
	done
	$(Q)CSDESIGN_DEADLINE=600 CSDESIGN_BUILD=$(abspath $(BUILD)/valgrind) $(run) \
	    -o $(BUILD)/report/valgrind $(if $(AREA),,unit) $(tests)

# --- installation ------------------------------------------------------------------------------

installed := $(filter serv-% client wire world,$(programs)) $(basename $(notdir $(wildcard misc/*.c)))

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/doc/csdesign
	install -m 755 $(sort $(installed:%=$(BUILD)/bin/%)) $(DESTDIR)$(PREFIX)/bin
	install -m 644 README.md LICENSE $(wildcard docs/*.md) $(DESTDIR)$(PREFIX)/share/doc/csdesign

uninstall:
	rm -f $(installed:%=$(DESTDIR)$(PREFIX)/bin/%)
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/csdesign

version = $(shell git describe --always --dirty 2>/dev/null)
dist:
	$(Q)mkdir -p $(BUILD)
	git archive --prefix=csdesign-$(version)/ -o $(BUILD)/csdesign-$(version).tar.gz HEAD

clean:
	rm -rf $(BUILD)

-include $(wildcard $(BUILD)/deps/*.d)

.PHONY: all unit-programs check unit wire self verify list record bench mutants kernels bisect report pages pictures \
        deps deps-develop lint tidy sanitize valgrind install uninstall dist clean FORCE
