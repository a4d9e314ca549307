#!/usr/bin/env bash
# Kills runs of packingkit-data at random moments, more than the tests do, and compares every byte of what they end in:
# tests/kills.sh [kills for each target, by default 50].
set -euo pipefail
cd "$(dirname "$0")/.."
export PACKINGKIT_KILLS="${1:-50}" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
dotnet run -c Release --project tests/PackingKit.Tests -- -method '*A_run_that_is_killed*' </dev/null
