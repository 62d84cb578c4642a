# make run       try timbred on a folder of sounds, without installing anything
# make test      run all tests
# make install   install the programs and the systemd units
# `make help` lists the rest.

SHELL = /bin/bash
.SHELLFLAGS = -euo pipefail -c
.DEFAULT_GOAL = build

# The folder that `make run` listens to; without one, ~/Samples, or, where there is none, Config/demo.
FOLDER ?=
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=
# The person whose ~/Samples the system service watches; without one, the service runs as the user timbred.
WATCH_USER ?=
# The modules whose tests `make test` builds and runs, by a part of their names, or the suites; without one, all.
FILTER ?=
# A program that boots systemd over a folder and runs a test in it: HARNESS [--timeout S] FOLDER TEST.
HARNESS ?=
# How long `make torture`, the torture of `make follow-check`, and each fuzzer of `make fuzz` go on, and what torture draws its acts from; without a seed,
# another one each time.
SECONDS ?= 60
# A folder of sounds that `make hostile` spoils, and into how many files. `make bench` and `make inside` measure on it, or,
# without one, on sounds that they make up.
SOUNDS ?=
COUNT ?= 20000
SEED ?=
# FFMPEG=no builds without FFmpeg's libraries: then only what libsndfile decodes is heard.
FFMPEG ?=
# Whether figures are printed as JSON, a table a line.
JSON ?=
# The parts of `make test-cluster`: exact, faults, kills, restores, rights, tls, cut, upgrade, growth, libraries, models, pgvector; without one, all.
PARTS ?=
# Sizes, in files, of the made-up libraries that `make bench` starts and asks.
LIBRARIES ?= 10000 100000

BINDIR = $(PREFIX)/bin
DATADIR = $(PREFIX)/share
UNITDIR = $(PREFIX)/lib/systemd
ZSHDIR = $(DATADIR)/zsh/site-functions
VERSION = $(shell sed -n 's/.*version = "\(.*\)"/\1/p' Sources/Platform/Release.swift)
PROGRAMS = timbred timbrectl timbre-extract timbre-web timbre-cluster
RELEASE = .build/release
# Our own libraries go into the programs: what runs them needs no Swift. Debugging information, which stripping would take out
# again, is not made in the first place: that saves a tenth to a fifth of the time of most modules.
RELEASE_FLAGS = -c release --static-swift-stdlib -debug-info-format none -Xlinker --strip-all
# What is measured on, made once.
BENCH_SOUNDS = .build/bench/$(if $(SOUNDS),sounds,strings)
AS_JSON = $(if $(JSON),--json)

.PHONY: build timbre-bench run test test-all test-some bench bench-peers bench-sounds lint test-systemd test-thread test-address \
	fuzz torture follow-check moving-check disk-faults folder-faults rude-clients hostile field inside hours million \
	browse-check map-check prometheus-check contrast formats-check archives-check completions-check recipes-check \
	cluster-try cluster-ingest cluster-million test-cluster deb dist test-deb install install-programs install-units \
	install-documents uninstall clean packages help

help:
	@echo "make build                       build the programs, for use, in $(RELEASE)"
	@echo "make run [FOLDER=…]              try timbred on a folder of sounds (default: ~/Samples, or Config/demo)"
	@echo "make test                        lint, build and run all tests"
	@echo "make test FILTER=Watch           build and run those of the modules named like that, or of the suites: seconds"
	@echo "make timbre-bench                build the program that measures, too, for what is started from Tests by hand"
	@echo "make bench [SOUNDS=… JSON=1]     measure extraction, search and the daemon, some minutes on idle cores"
	@echo "make bench-peers [SOUNDS=…]      the same work beside librosa, essentia, faiss, usearch, SQLite and find"
	@echo "make test-systemd HARNESS=…      test the installed service under a real systemd"
	@echo "make torture [SECONDS=… SEED=…]  do all to a folder that can be done, kill the daemon meanwhile, compare"
	@echo "make follow-check [SECONDS=…]    follow the library beside torture, by a hundred clients, and by one who does not read"
	@echo "make moving-check                back up, restore and rebase during ingest, with kills and full disks (root)"
	@echo "make disk-faults                 let the disk fill up, fail and be damaged, and kill the daemon 200 times (root)"
	@echo "make folder-faults               let folders vanish or hang, limits be reached and names be awkward (root)"
	@echo "make rude-clients                send the daemon what no client should, from those who may not (root)"
	@echo "make hours [HOURS=100]           time questions in a library of so many hours of recordings (numpy)"
	@echo "make million                     time every verb that concerns all files of a library of a million, and its memory"
	@echo "make hostile SOUNDS=… [COUNT=…]  give the daemon spoilt sound files of all kinds, and see that it lives"
	@echo "make formats-check [SOUNDS=…]    make files of 50 formats with FFmpeg, and hold them against the plain sounds"
	@echo "make archives-check SOUNDS=…     sounds in archives against the same in a folder; hostile and spoilt archives"
	@echo "make browse-check                search, hear and see in Chromium, and send the page's server what no page of ours would"
	@echo "make contrast [SOUNDS=…]         contrasts such as --darker, and pitches, on folders with a labels.csv"
	@echo "make map-check [SOUNDS=…]        measure the map, of labelled sounds or made-up ones, and see that it lasts (numpy)"
	@echo "make prometheus-check            hold the metrics of \`timbrectl status\` against promtool, which is installed if it is missing"
	@echo "make plot-check                  look at pictures with a PNG reader, a terminal and Chromium, if there is one"
	@echo "make cluster-try                 four PostgreSQL servers and two machines on this one, for a look"
	@echo "make test-cluster [PARTS=…]      the same, asked, stopped, killed, restored and attacked (numpy)"
	@echo "make cluster-ingest SOUNDS=…     time ingest with nobody who publishes, with a publisher, and with a shard that stands still"
	@echo "make cluster-million             publish a million made-up files, and hold answers against a plain search (numpy)"
	@echo "make completions-check           type into bash, zsh and fish, and see what they complete"
	@echo "make recipes-check               run the commands of docs/recipes.md with the real tools"
	@echo "make field                       build files as people met them elsewhere, and see what comes of each"
	@echo "make inside [SOUNDS=… SEED=…]    plant sounds in recordings, and see how many are found, and where (numpy)"
	@echo "make deb, make dist              a package for Debian and Ubuntu, and a tarball of what is committed, in .build"
	@echo "make test-deb HARNESS=…          install, upgrade, remove and purge that package under systemd"
	@echo "make test-thread, test-address   run the tests under a sanitizer"
	@echo "make fuzz [SECONDS=…]            feed the parsers what nobody would send, so many seconds each"
	@echo "make install [PREFIX=… DESTDIR=… WATCH_USER=…], make uninstall, make clean"

# Installs the -dev packages that are missing; does nothing, quickly, if none is.
packages:
	@.make/packages

build: packages
	@[[ -e $(RELEASE)/timbred ]] || echo "The first build takes three to seven minutes on two cores, and half a gigabyte in .build."
	TIMBRED_TARGETS="$(PROGRAMS)" swift build $(RELEASE_FLAGS)

# The programs, and the one that measures them.
timbre-bench: packages
	TIMBRED_TARGETS="$(PROGRAMS) timbre-bench" swift build $(RELEASE_FLAGS)

run: build
	@$(MAKE) --no-print-directory install-programs PREFIX=$(CURDIR)/.build/run DESTDIR=
	@.make/try .build/run "$(FOLDER)"

lint:
	swift format lint --recursive --strict Package.swift Sources Tests

test: $(if $(FILTER),test-some,test-all)

test-some: packages
	@.make/test "$(FILTER)"

test-all: lint
	.make/packages tests
	swift build --build-tests
	swift test --skip-build 2>&1 | tee .build/test.log
	Tests/EndToEnd/test.sh "$$(swift build --show-bin-path)" 2>&1 | tee .build/end-to-end.log
	Tests/EndToEnd/try.py "$$(swift build --show-bin-path)" 2>&1 | tee .build/try.log
	Tests/Quality/field.py "$$(swift build --show-bin-path)" sounds folders 2>&1 | tee .build/field.log
	[[ -z "$${CI:-}" ]] || .make/packages browser
	Tests/Quality/browse_check.py "$$(swift build --show-bin-path)" --if-there --no-speed 2>&1 | tee .build/browse.log
	.make/packages cluster
	Tests/Cluster/cluster_check.py "$$(swift build --show-bin-path)" exact rights --shards 1 --files 40 --questions 20 \
		2>&1 | tee .build/cluster.log
	.make/link-statically "$$(swift build --show-bin-path)" .build/static
	Tests/EndToEnd/idle.sh .build/static 2>&1 | tee .build/idle.log
	@echo
	@grep -E 'Test run with [0-9]+ tests' .build/test.log | sed 's/^[^T]*//'
	@tail -n 1 .build/end-to-end.log | sed 's/^/End to end: /'
	@tail -n 1 .build/try.log | sed 's/^/The first try: /'
	@tail -n 1 .build/field.log | sed 's/^/Field: /'
	@tail -n 1 .build/browse.log | sed 's/^/The page: /'
	@tail -n 1 .build/cluster.log | sed 's/^/Cluster: /'
	@tail -n 1 .build/idle.log | sed 's/^/Idle: /'

bench: timbre-bench bench-sounds
	$(RELEASE)/timbre-bench extract $(AS_JSON) --threads 2 $(addprefix $(BENCH_SOUNDS)/,long shots/00 shots/01)
	$(RELEASE)/timbre-bench retrain $(AS_JSON) $(addprefix $(BENCH_SOUNDS)/,long shots/00)
	$(RELEASE)/timbre-bench search $(AS_JSON)
	Tests/Benchmarks/daemon.py $(RELEASE) $(BENCH_SOUNDS) --libraries $(LIBRARIES) $(AS_JSON)

bench-peers: timbre-bench bench-sounds
	Tests/Benchmarks/peers.py $(RELEASE) $(BENCH_SOUNDS) $(AS_JSON)

bench-sounds:
	@Tests/Benchmarks/make_sounds.py $(BENCH_SOUNDS) $(if $(SOUNDS),--from "$(SOUNDS)")

test-systemd: build
	@if [[ -z "$(HARNESS)" ]]; then echo "make test-systemd: skipped; it needs HARNESS=…"; exit 0; fi; \
	rm -rf .build/systemd; \
	mkdir -p .build/systemd; \
	cp Tests/EndToEnd/make-sound Tests/EndToEnd/checks.sh Tests/Systemd/ask-often .build/systemd/; \
	$(MAKE) --no-print-directory install DESTDIR=$(CURDIR)/.build/systemd/root PREFIX=/usr/local WATCH_USER=; \
	"$(HARNESS)" --timeout 300 --journal .build/systemd/journal .build/systemd Tests/Systemd/test.sh; \
	"$(HARNESS)" --timeout 300 --journal .build/systemd/backup .build/systemd Tests/Systemd/backup.sh; \
	"$(HARNESS)" --timeout 600 --journal .build/systemd/restarts .build/systemd Tests/Systemd/restarts.sh; \
	.make/packages cluster; \
	"$(HARNESS)" --timeout 300 --journal .build/systemd/cluster .build/systemd Tests/Systemd/cluster.sh

# SECONDS is a variable of bash, too: it counts up from what it is given.
torture: build
	Tests/Quality/torture.py $(RELEASE) --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

# SECONDS as for torture.
follow-check: build
	Tests/Quality/follow_check.py $(RELEASE) --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

moving-check: build
	Tests/Quality/moving_check.py $(RELEASE) $(if $(SEED),--seed $(SEED))

disk-faults: build
	Tests/Quality/disk_faults.py $(RELEASE)
	Tests/Quality/crash_loop.py $(RELEASE)

folder-faults: build
	Tests/Quality/vanishing_folders.py $(RELEASE)
	Tests/Quality/limits.py $(RELEASE)
	Tests/Quality/hung_folders.py $(RELEASE)

rude-clients: build
	Tests/Quality/rude_clients.py $(RELEASE)
	Tests/Quality/trespass.py $(RELEASE)

hostile: build
	@.make/packages ffmpeg
	Tests/Quality/hostile.py $(RELEASE) "$(SOUNDS)" --foreign --count $(COUNT) $(if $(SEED),--seed $(SEED))

formats-check: build
	@.make/packages ffmpeg
	Tests/Quality/formats_check.py $(RELEASE) $(if $(SOUNDS),--sounds "$(SOUNDS)")

archives-check: build
	Tests/Quality/archives_check.py $(RELEASE) "$(SOUNDS)" $(if $(SEED),--seed $(SEED))

field: build
	Tests/Quality/field.py $(RELEASE)

inside: build
	Tests/Quality/inside.py $(RELEASE) $(if $(SOUNDS),--sounds "$(SOUNDS)") $(if $(SEED),--seed $(SEED))
	Tests/Quality/growing.py $(RELEASE) $(if $(SEED),--seed $(SEED))

browse-check: build
	@.make/packages browser
	Tests/Quality/browse_check.py $(RELEASE)

map-check: build
	Tests/Quality/map_check.py $(RELEASE) $(if $(SOUNDS),--sounds "$(SOUNDS)") $(AS_JSON)

completions-check: build
	@.make/packages shells
	Tests/Quality/completions_check.py $(RELEASE)

recipes-check: build
	@.make/packages recipes
	Tests/Quality/recipes_check.py $(RELEASE)

# SOUNDS: folders with a labels.csv of path, label and pitch.
contrast: build
	Tests/Quality/contrast.py $(RELEASE) $(SOUNDS)

plot-check: build
	Tests/Quality/plot_check.py $(RELEASE)

cluster-try: build
	@.make/packages cluster
	Tests/Cluster/cluster_try.py $(RELEASE)

cluster-ingest: build
	@.make/packages cluster
	Tests/Cluster/cluster_ingest.py $(RELEASE) $(SOUNDS) $(if $(SEED),--seed $(SEED))

cluster-million: timbre-bench
	@.make/packages cluster
	Tests/Cluster/cluster_million.py $(RELEASE) $(if $(SEED),--seed $(SEED))

test-cluster: build
	@.make/packages cluster
	Tests/Cluster/cluster_check.py $(RELEASE) $(PARTS) $(if $(SEED),--seed $(SEED))

prometheus-check: build
	@.make/packages prometheus
	Tests/Quality/prometheus_check.sh $(RELEASE)

hours: timbre-bench
	Tests/Quality/hours.py $(RELEASE) --hours $(or $(HOURS),100) --limit $(or $(LIMIT),250)

million: timbre-bench
	Tests/Quality/million.py $(RELEASE)

fuzz: packages
	.make/fuzz $(SECONDS)

test-thread: export TSAN_OPTIONS = suppressions=$(CURDIR)/Tests/thread-sanitizer.supp
test-thread: SANITIZED = --sanitize=thread --scratch-path .build-thread

# What Swift's own libraries hold for good is not told from what is lost.
test-address: export ASAN_OPTIONS = detect_leaks=0
test-address: SANITIZED = --sanitize=address --scratch-path .build-address

# Tests go one at a time: the time limits of some would else run out while hundreds of others have the processor.
test-thread test-address: packages
	swift build --build-tests $(SANITIZED)
	swift test --skip-build --no-parallel $(SANITIZED)
	Tests/EndToEnd/test.sh "$$(swift build $(SANITIZED) --show-bin-path)"

$(PROGRAMS:%=$(RELEASE)/%) &:
	$(MAKE) build

install: install-programs install-units install-documents
	@.make/after-install "$(DESTDIR)" "$(WATCH_USER)"

install-programs: $(PROGRAMS:%=$(RELEASE)/%)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DATADIR)/timbred
	install -m 755 $^ $(DESTDIR)$(BINDIR)
	install -m 644 $(wildcard Config/timbre-model.json Config/org.timbred.*.varlink) Config/timbred.toml \
		$(DESTDIR)$(DATADIR)/timbred

install-units:
	install -d $(addprefix $(DESTDIR)$(UNITDIR)/,system user catalog) \
		$(DESTDIR)$(PREFIX)/lib/sysusers.d $(DESTDIR)$(PREFIX)/lib/tmpfiles.d
	for scope in system user; do for unit in timbred.service timbred.socket; do \
		sed 's|@BINDIR@|$(BINDIR)|' Systemd/$$scope/$$unit >$(DESTDIR)$(UNITDIR)/$$scope/$$unit; \
		chmod 644 $(DESTDIR)$(UNITDIR)/$$scope/$$unit; \
	done; done
	sed 's|@BINDIR@|$(BINDIR)|' Systemd/system/timbre-cluster.service >$(DESTDIR)$(UNITDIR)/system/timbre-cluster.service
	chmod 644 $(DESTDIR)$(UNITDIR)/system/timbre-cluster.service
	install -m 644 Systemd/timbred.catalog $(DESTDIR)$(UNITDIR)/catalog/
	install -m 644 Systemd/timbred.sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/timbred.conf
	rm -rf $(addprefix $(DESTDIR)$(UNITDIR)/system/timbred.,service.d/watch-user.conf socket.d/watch-user.conf) \
		$(DESTDIR)$(UNITDIR)/system/timbre-cluster.service.d/watch-user.conf
ifeq ($(WATCH_USER),)
	install -m 644 Systemd/timbred.tmpfiles.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/timbred.conf
else
	install -d $(addprefix $(DESTDIR)$(UNITDIR)/system/,timbred.service.d timbred.socket.d timbre-cluster.service.d)
	for unit in timbred timbre-cluster; do \
		printf '[Service]\nUser=%s\n' '$(WATCH_USER)' \
			>$(DESTDIR)$(UNITDIR)/system/$$unit.service.d/watch-user.conf; \
	done
	printf '[Socket]\nSocketUser=%s\n' '$(WATCH_USER)' >$(DESTDIR)$(UNITDIR)/system/timbred.socket.d/watch-user.conf
	rm -f $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/timbred.conf
endif

install-documents:
	install -d $(addprefix $(DESTDIR)$(DATADIR)/,man/man1 man/man5 man/man7 man/man8) $(DESTDIR)$(SYSCONFDIR)/timbred \
		$(DESTDIR)$(ZSHDIR)
	install -m 644 $(wildcard Config/man/*.1) $(DESTDIR)$(DATADIR)/man/man1
	install -m 644 $(wildcard Config/man/*.5) $(DESTDIR)$(DATADIR)/man/man5
	install -m 644 $(wildcard Config/man/*.7) $(DESTDIR)$(DATADIR)/man/man7
	install -m 644 $(wildcard Config/man/*.8) $(DESTDIR)$(DATADIR)/man/man8
	[[ -e $(DESTDIR)$(SYSCONFDIR)/timbred/timbred.toml ]] || \
		install -m 644 Config/timbred.toml $(DESTDIR)$(SYSCONFDIR)/timbred/timbred.toml
	install -d $(addprefix $(DESTDIR)$(DATADIR)/,bash-completion/completions fish/vendor_completions.d)
	for program in $(PROGRAMS); do \
		$(RELEASE)/$$program --generate-completion-script bash \
			>$(DESTDIR)$(DATADIR)/bash-completion/completions/$$program; \
		$(RELEASE)/$$program --generate-completion-script zsh >$(DESTDIR)$(ZSHDIR)/_$$program; \
		$(RELEASE)/$$program --generate-completion-script fish \
			>$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/$$program.fish; \
	done

# Leaves the configuration and all that was learnt; the last line says where they are.
uninstall:
	rm -f $(PROGRAMS:%=$(DESTDIR)$(BINDIR)/%)
	rm -rf $(DESTDIR)$(DATADIR)/timbred
	rm -rf $(addprefix $(DESTDIR)$(UNITDIR)/system/timbred.,service socket service.d socket.d) \
		$(addprefix $(DESTDIR)$(UNITDIR)/system/timbre-cluster.,service service.d)
	rm -f $(addprefix $(DESTDIR)$(UNITDIR)/,user/timbred.service user/timbred.socket catalog/timbred.catalog)
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/lib/,sysusers.d/timbred.conf tmpfiles.d/timbred.conf)
	rm -f $(foreach page,$(wildcard Config/man/*),$(DESTDIR)$(DATADIR)/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
	rm -f $(PROGRAMS:%=$(DESTDIR)$(DATADIR)/bash-completion/completions/%) \
		$(PROGRAMS:%=$(DESTDIR)$(ZSHDIR)/_%) \
		$(PROGRAMS:%=$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/%.fish)
	@echo "Left: $(DESTDIR)$(SYSCONFDIR)/timbred, $(DESTDIR)/var/lib/timbred, and ~/.local/state/timbred of each user."

# The version stands in Sources/Platform/Release.swift alone.
deb: build
	@.make/packages debian
	.make/deb $(VERSION) .build/deb

# The life of the package under a real systemd: installed, upgraded while it is used, removed, purged.
test-deb: deb
	@if [[ -z "$(HARNESS)" ]]; then echo "make test-deb: skipped; it needs HARNESS=…"; exit 0; fi; \
	rm -rf .build/systemd-deb; \
	mkdir -p .build/systemd-deb; \
	cp Tests/EndToEnd/make-sound Tests/EndToEnd/checks.sh .build/deb/timbred_$(VERSION)_*.deb .build/systemd-deb/; \
	"$(HARNESS)" --timeout 300 --journal .build/systemd-deb/journal .build/systemd-deb Tests/Systemd/package.sh

# What is committed, the same bytes each time.
dist:
	git archive --prefix=timbred-$(VERSION)/ HEAD | gzip --no-name -9 >.build/timbred-$(VERSION).tar.gz
	@sha256sum .build/timbred-$(VERSION).tar.gz

clean:
	rm -rf .build .build-thread .build-address .build-fuzz
