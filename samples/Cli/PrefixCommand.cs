using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PackingKit.Samples;
using Spectre.Console;

namespace PackingKit.Cli;

/// <summary>Says what prompts that begin alike need: tokens, tokens shared, passes by strategy, and the bound on them.</summary>
internal static class PrefixCommand
{
    /// <summary>Enough for a proof where a few hundred prompts differ; what needs longer may need very long.</summary>
    private const double DefaultSeconds = 10;

    /// <summary>Of the prompts that are left out, the first so many are named for people; JSON has all.</summary>
    private const int MaxNamed = 10;

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("file")
        {
            Description = "Prompts as JSON lines, with token_ids or with input_length and hash_ids; '-' for standard input.",
        };
        var budget = InputOptions.Positive<long>("--budget", "The most tokens of a pass, shared ones counted once.", "-b");
        budget.Required = true;
        var strategy = new Option<string?>("--strategy", "-s")
        {
            Description = "How to pack. By default certified; the table shows all.",
        }.AcceptOnlyFromAmong([.. PrefixStrategies.Ids]);
        var blockSize = InputOptions.Positive<int>(
            "--block-size", $"Tokens in a block that a hash stands for. By default {PromptReader.DefaultBlockSize}.");
        var timeLimit = NumberOption.TimeLimit(
            $"Seconds after which the search for a proof stops with the best packing so far. By default {DefaultSeconds}.");
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of a table." };
        var command = new Command("prefix", "Put prompts that begin alike into passes in which shared tokens count once.")
        {
            file, budget, strategy, blockSize, timeLimit, json,
        };
        // Off this thread, so that Ctrl+C is heard while standard input is waited for.
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            var prompts = Read(terminal, parsed.GetRequiredValue(file), parsed.GetValue(blockSize) ?? PromptReader.DefaultBlockSize);
            var problem = PrefixProblem.CreateLeavingOut(prompts.ToForest(), parsed.GetValue(budget)!.Value);
            var options = new SearchOptions
            {
                TimeLimit = TimeSpan.FromSeconds(parsed.GetValue(timeLimit) ?? DefaultSeconds),
                Stop = cancellationToken,
            };
            int[] leftOut = [.. problem.LeftOut.Select(prompts.LineOf)];
            if (parsed.GetValue(json))
            {
                var id = parsed.GetValue(strategy) ?? PrefixStrategies.Ids[^1];
                var record = Record(Pack(PrefixStrategies.Create(id, options), problem, cancellationToken), leftOut);
                terminal.Output.WriteLine(JsonSerializer.Serialize(record, CliJson.Default.PrefixRecord));
            }
            else
            {
                var ids = parsed.GetValue(strategy) is { } one ? [one] : PrefixStrategies.Ids;
                Show(terminal, problem, leftOut, ids.Select(id => PrefixStrategies.Create(id, options)), cancellationToken);
            }
            cancellationToken.ThrowIfCancellationRequested(); // after what the search had found
            return CommandLine.Success;
        }, cancellationToken));
        return command;
    }

    /// <summary>Ctrl+C ends a search with the best packing it has, and anything else without one.</summary>
    private static PrefixResult Pack(IPrefixStrategy strategy, PrefixProblem problem, CancellationToken cancellationToken) =>
        strategy.Pack(problem, strategy is CertifiedPasses ? CancellationToken.None : cancellationToken);

    private static PromptList Read(Terminal terminal, string file, int blockSize)
    {
        try
        {
            using var reader = terminal.Open(file);
            var prompts = PromptReader.Read(reader, blockSize);
            return prompts.Count > 0 ? prompts : throw new InputException(file, 0, "There is no prompt.");
        }
        catch (SizeFormatException bad)
        {
            throw new InputException(file, bad.Line, bad.Reason);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, 0, Messages.OfFile(file, bad));
        }
    }

    private static PrefixRecord Record(PrefixResult result, int[] leftOut)
    {
        var (problem, forest) = (result.Problem, result.Problem.Forest);
        return new PrefixRecord(
            forest.PromptCount, PackedTokens(problem), problem.DistinctTokenCount, problem.Budget, result.Strategy, result.PassCount,
            result.Bound.Passes, result.Status, leftOut);
    }

    /// <summary>Tokens of the prompts that are not left out, each prompt whole.</summary>
    private static long PackedTokens(PrefixProblem problem) =>
        problem.Forest.TokenCount - problem.LeftOut.Sum(prompt => (long)problem.Forest.LengthOf(prompt));

    private static void Show(
        Terminal terminal, PrefixProblem problem, int[] leftOut, IEnumerable<IPrefixStrategy> strategies,
        CancellationToken cancellationToken)
    {
        var (prompts, tokens, distinct) = (problem.Forest.PromptCount, problem.Forest.TokenCount, problem.Forest.DistinctTokenCount);
        terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{prompts} prompts, {tokens} tokens, {distinct} distinct: {tokens / (double)distinct:0.00} times fewer"));
        if (leftOut.Length > 0)
            terminal.Output.WriteLine(
                $"{leftOut.Length} above {problem.Budget} tokens, left out: line {string.Join(", ", leftOut.Take(MaxNamed))}"
                + (leftOut.Length > MaxNamed ? ", ..." : "")
                + $"; in passes {PackedTokens(problem)} tokens, {problem.DistinctTokenCount} distinct");
        var table = terminal.CreateTable("strategy", "passes", "bound", "gap", "tokens computed", "time");
        try
        {
            foreach (var strategy in strategies)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var clock = Stopwatch.StartNew();
                var result = Pack(strategy, problem, cancellationToken);
                var time = string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMilliseconds:F1} ms");
                table.AddRow(
                    result.Strategy, $"{result.PassCount}", $"{result.Bound.Passes}", $"{result.Gap}", $"{result.ComputedTokenCount}",
                    time);
            }
        }
        finally
        {
            terminal.Console.Write(table); // when cancelled, with the strategies that are done
        }
    }
}
