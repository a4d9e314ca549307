#!/usr/bin/env bash
# Gives every parser mutated documents, more than the tests do: tests/fuzz.sh [inputs for each parser, by default 1000000].
# The seed is fixed, so a longer run begins with the inputs of a shorter one.
set -euo pipefail
cd "$(dirname "$0")/.."
export PACKINGKIT_FUZZ="${1:-1000000}" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
failed=0
for project in $(git ls-files '*/FuzzTests.cs' | cut -d/ -f1-2 | sort -u); do
    dotnet run -c Release --project "$project" -- -class '*FuzzTests' </dev/null || failed=1
done
exit "$failed"
