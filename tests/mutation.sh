#!/usr/bin/env bash
# How many mutants of the code that decides results the tests find: tests/mutation.sh [Heuristics|Bounds|Dealing|Validation ...] [sample].
# Without a folder all of them; with a number, so many mutants of each, drawn by a fixed seed. docs/quality.md has the figures.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
folders=() sample=0
for argument in "$@"; do
    case $argument in [0-9]*) sample=$argument ;; *) folders+=("$argument") ;; esac
done
if [ "${#folders[@]}" -eq 0 ]; then folders=(Bounds Dealing Validation Heuristics); fi
dotnet build tests/PackingKit.Mutation -c Release -v quiet
artifacts/bin/PackingKit.Mutation/release_*/PackingKit.Tests artifacts/mutation "$sample" "${folders[@]}"
