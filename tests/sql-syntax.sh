#!/usr/bin/env bash
# Checks the syntax of the queries for Spark and Trino with their grammars (dt-sql-parser from npm): neither engine is here, so nothing is
# run. A query with a mistake in it has to be refused, or the check would prove nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --prefix "$work" dt-sql-parser@4.5.1 esbuild >/dev/null # its modules are for a bundler
dotnet build samples/Training -c Release -v q >/dev/null
for dialect in spark trino; do
    for query in histogram offsets deal; do
        dotnet run -c Release --no-build --project samples/Training -- sql $query --dialect $dialect >"$work/$dialect-$query.sql"
    done
done
cat >"$work/check.js" <<'CHECK'
const { SparkSQL, TrinoSQL } = require('dt-sql-parser');
const { readFileSync } = require('fs');
let [passed, failed] = [0, 0];
for (const [dialect, parser] of [['spark', new SparkSQL()], ['trino', new TrinoSQL()]]) {
    for (const query of ['histogram', 'offsets', 'deal']) {
        const sql = readFileSync(`${__dirname}/${dialect}-${query}.sql`, 'utf8');
        const errors = parser.validate(sql);
        const unnoticed = parser.validate(sql.replace('FROM', 'FRMO')).length === 0;
        for (const error of errors)
            console.log(`${dialect} ${query}, line ${error.startLine}: ${error.message}`);
        if (unnoticed)
            console.log(`${dialect} ${query}: a planted mistake was not found`);
        errors.length === 0 && !unnoticed ? passed++ : failed++;
    }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
CHECK
(cd "$work" && node_modules/.bin/esbuild check.js --bundle --platform=node --log-level=error --outfile=bundle.js)
node "$work/bundle.js"
