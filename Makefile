# Larder's commands; `make help` lists them.

SWIFT_BUILD := swift build --explicit-target-dependency-import-check error
RELEASE_BUILD := swift build -c release --static-swift-stdlib
BENCH_BUILD := LARDER_DEV=1 swift build -c release --static-swift-stdlib --scratch-path .build-bench
NODE_TESTS := Sources/JavaScript/test/*.test.js $(wildcard Tests/*/*.test.mjs)
VECTORS := Tests/LarderFederationTests/Vectors/federation-vectors.json
SEED := 1
CAMPAIGN_TESTS := Store(Crash|Endurance|Failure|Flip)Tests|Registry(Crash|Damage|Failure)Tests|KillTests|PowerCutTests|FaultyRequestTests
ADDRESS_TESTS := swift test --sanitize=address --scratch-path .build-address --no-parallel --disable-xctest \
  --skip '$(CAMPAIGN_TESTS)|TidyTests'
CACHE := $(or $(LARDER_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/larder)

# What Node and Python talk to: the programs as users run them, which an optimiser has been at.
export LARDER_PROGRAMS := $(CURDIR)/.build/release

.DEFAULT_GOAL := help
.PHONY: help demo test check format build prepare bench-store bench-socket bench-federation bench-gateway bench-console fuzz sanitize leaks soak clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: prepare build ## run three federated applications through the daemon: cold, bad deploy, offline, off, in a browser
	@scripts/install-packages chromium-headless-shell
	@node Tests/Demo/demo.mjs --seed $(SEED)

# Three runs: the store's campaigns leave others no processor, and whoever starts a process holds every
# descriptor twice for a moment, the store's lock among them.
test: prepare check build ## pass every test
	@scripts/install-packages chromium-headless-shell curl
	@swift test --disable-xctest --skip 'LarderStoreTests|ProcessTests'
	@swift test --disable-xctest --skip-build --filter LarderStoreTests
	@swift test --disable-xctest --skip-build --filter ProcessTests
	@node --test $(NODE_TESTS)
	@python3 -m unittest discover -s Tests/Conformance
	@node Tests/Fixtures/check-graphs.mjs --vectors $(VECTORS) \
	  --dist "$$(Tests/Fixtures/build graphs --vectors $(VECTORS) --webpack 5.97)/dist"
	@node Tests/Fixtures/check-applications.mjs "$$(Tests/Fixtures/build apps --seed $(SEED))"
	@node Tests/Demo/demo.mjs --seed $(SEED)

check: prepare ## lint, and check that every target imports only what it declares
	@$(SWIFT_BUILD)
	@LARDER_DEV=1 $(SWIFT_BUILD) --product store-bench
	@LARDER_DEV=1 $(SWIFT_BUILD) --product socket-bench
	@LARDER_DEV=1 $(SWIFT_BUILD) --target fuzz
	@swift format lint --strict --parallel --recursive Package.swift Sources Tests

build: prepare ## build the daemon and the command line, into .build/release
	@$(RELEASE_BUILD) --product larderd
	@$(RELEASE_BUILD) --product larder

prepare: ## install what is missing: Debian packages, Node, webpack
	@scripts/check-toolchain
	@scripts/install-packages
	@scripts/install-node
	@scripts/install-webpack

format: ## format the sources in place
	@swift format --in-place --parallel --recursive Package.swift Sources Tests

bench-store: prepare ## hold the store against restic, casync and buildbox-casd, and against its goals
	@scripts/install-bench-peers
	@$(BENCH_BUILD) --product store-bench
	@.build-bench/release/store-bench compare --peers "$(CACHE)/bench-peers"

bench-socket: prepare ## hold the socket against redis, memcached, nginx and buildbox-casd, and against its goals: 8 minutes
	@scripts/install-bench-peers
	@$(BENCH_BUILD) --product larderd
	@$(BENCH_BUILD) --product socket-bench
	@.build-bench/release/socket-bench compare --peers "$(CACHE)/bench-peers"

bench-console: prepare build ## measure how long the console takes to draw 500 remotes
	@scripts/install-packages chromium-headless-shell
	@node Tests/Browser/console-bench.mjs

bench-federation: prepare ## measure plans over 100 containers, and first renders beside webpack's runtime and nginx
	@scripts/install-bench-peers
	@$(BENCH_BUILD) --product larderd
	@$(BENCH_BUILD) --product larder
	@node Tests/Benchmarks/FederationBench/federation-bench.mjs --programs .build-bench/release \
	  --nginx "$(CACHE)/bench-peers/servers/usr/sbin/nginx" --out .build-bench/bench-federation.json \
	  --picture docs/first-render.svg

bench-gateway: prepare ## hold the gateway against nginx and Varnish, and pages through it against their origins
	@scripts/install-bench-peers
	@scripts/install-packages chromium-headless-shell
	@$(BENCH_BUILD) --product larderd
	@$(BENCH_BUILD) --product larder
	@node Tests/Benchmarks/GatewayBench/gateway-bench.mjs --programs .build-bench/release \
	  --peers "$(CACHE)/bench-peers/servers" --out .build-bench/bench-gateway.json

fuzz: prepare ## look for bytes that a parser does not bear: SECONDS=60 for each of TARGETS="…" (all)
	@scripts/fuzz run $(or $(SECONDS),60) $(TARGETS)

# Without the campaigns, which make stores and daemons by the thousand and would take hours so: what they
# crash, other tests touch from several threads. TidyTests only read the sources.
# One test after the other, since all at once are too slow for clients that wait some seconds.
sanitize: prepare ## run the tests under the sanitizers of threads and of addresses
	@swift test --sanitize=thread -Xswiftc -DLARDER_THREAD_SANITIZER --scratch-path .build-thread \
	  --no-parallel --disable-xctest --skip '$(CAMPAIGN_TESTS)|TidyTests'
	@ASAN_OPTIONS=detect_leaks=0 $(ADDRESS_TESTS)

leaks: prepare ## run the tests, and fail where memory is left that nobody can reach
	@ASAN_OPTIONS=detect_leaks=1 LSAN_OPTIONS=suppressions=Tests/leaks.txt $(ADDRESS_TESTS)

soak: prepare ## run the campaigns against faults at full length: hours, as root (sizes: scripts/soak)
	@SEED=$(SEED) scripts/soak

clean: ## remove what was built
	@rm -rf .build .build-bench .build-fuzz .build-thread .build-address
