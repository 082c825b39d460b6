#!/usr/bin/env bash
# All checks, cheapest first; all of them run, and the last line sums up. Called by ./kalisecu test.
#   --soak    also the tests that take long
#   FILTER    only tests whose full name holds it, and no gates
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

filter=()
gates=true
for argument in "$@"; do
    case "$argument" in
        --soak) export KALISECU_SOAK=1 ;;
        -*) echo "usage: ./kalisecu test [--soak] [FILTER]" >&2; exit 2 ;;
        *) filter=(--filter-method "*$argument*"); gates=false ;;
    esac
done

buf=node_modules/@bufbuild/buf-linux-x64/bin/buf
log="$(mktemp -t kalisecu-test-XXXXXX)"
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0 failures=()

# gate NAME COMMAND...: one check that passes or fails as a whole.
gate() {
    local name="$1" begin=$SECONDS
    shift
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
        printf 'ok    %s (%d s)\n' "$name" $((SECONDS - begin))
    else
        failed=$((failed + 1))
        failures+=("$name")
        printf 'FAIL  %s\n' "$name"
        sed 's/^/      /' "$log" | tail -n 60
        return 1
    fi
}

# tests PROJECT: runs its tests and adds up their counts.
tests() {
    local name="$1" code p f s
    printf '====  %s\n' "$name"
    dotnet test --project "tests/$name" --no-build -c Release --ignore-exit-code 8 ${filter[@]+"${filter[@]}"} 2>&1 | tee "$log"
    code=${PIPESTATUS[0]}
    read -r p f s < <(awk '/^ +succeeded: /{p=$2} /^ +failed: /{f=$2} /^ +skipped: /{s=$2} END{print p+0, f+0, s+0}' "$log")
    # A run that broke down without a failed test is a failure all the same.
    if [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
    if [ "$f" -gt 0 ]; then failures+=("$name: $f"); fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

if $gates; then
    if [ ! -x "$buf" ] || [ ! -d node_modules/jose ]; then gate "npm packages" npm ci --ignore-scripts --no-fund --no-audit; fi
    gate "proto lint" "$buf" lint
    gate "proto format" "$buf" format -d --exit-code
    if [ -f protos-baseline.binpb ]; then
        gate "proto compatibility" "$buf" breaking protos --against protos-baseline.binpb
    fi
    gate "tools" dotnet tool restore
    gate "code format" dotnet csharpier check .
fi

if gate "locked restore" dotnet restore Kalisecu.sln --locked-mode \
    && gate "build, warnings are errors" dotnet build Kalisecu.sln -c Release --no-restore -v q --nologo; then
    tests Kalisecu.Tests
    tests Kalisecu.IntegrationTests
fi

for failure in ${failures[@]+"${failures[@]}"}; do
    printf 'failed: %s\n' "$failure"
done
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
