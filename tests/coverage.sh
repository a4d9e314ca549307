#!/usr/bin/env bash
# Lines and branches of PackingKit that the tests reach, by folder: tests/coverage.sh. Leaves out tests that take seconds (speed=slow), and
# builds in artifacts/coverage, by itself. coverlet leaves PackingKit.Attention alone; docs/quality.md has the figures.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 PACKINGKIT_FUZZ=1000
out=artifacts/coverage
rm -rf "$out/reports"
failed=0
dotnet build tests/PackingKit.Tests -c Release -p:MeasuresCoverage=true -p:RunAnalyzers=false --artifacts-path "$out" -v quiet
dotnet test --project tests/PackingKit.Tests -c Release --no-build --artifacts-path "$out" --no-progress --filter-not-trait speed=slow \
    --results-directory "$PWD/$out/reports" --coverlet --coverlet-output-format cobertura --coverlet-include '[PackingKit]*' || failed=1
find "$out/reports" -name '*.cobertura*.xml' -print0 | xargs -0 awk '
    function attribute(name) {
        return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : ""
    }
    /<package / { assembly = attribute("name") }
    /<class / { file = attribute("filename"); sub(/^.*src\//, "", file) }
    /<line / {
        place = assembly "/" file ":" attribute("number")
        if (!(place in hits) || attribute("hits") + 0 > hits[place]) hits[place] = attribute("hits") + 0
        if (split(attribute("condition-coverage"), share, /[(\/)]/) >= 3) {
            if (!(place in reached) || share[2] + 0 > reached[place]) reached[place] = share[2] + 0
            branches[place] = share[3] + 0
        }
    }
    END {
        for (place in hits) {
            split(place, part, "/")
            room = part[1] "/" (part[2] ~ /:/ ? "(root)" : part[2])
            sums = room " " part[1]
            count = split(sums, each, " ")
            for (i = 1; i <= count; i++) {
                lines[each[i]]++; lit[each[i]] += hits[place] > 0
                forks[each[i]] += branches[place]; taken[each[i]] += reached[place]
            }
        }
        for (room in lines)
            printf "%-28s %6d lines %5.1f %% %6d branches %5.1f %%\n", room, lines[room], 100 * lit[room] / lines[room],
                forks[room], forks[room] ? 100 * taken[room] / forks[room] : 100
    }' | sort
exit "$failed"
