using System.CommandLine;
using System.Globalization;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>The options that steer a search and tell how it goes.</summary>
internal sealed class SearchingOptions
{
    private readonly Option<double?> _timeLimit = NumberOption.TimeLimit(
        "Seconds after which a search stops with the best packing so far.");

    private readonly Option<int?> _seed = NumberOption.Create<int>(
        "--seed", "Seed of a search. By default 0.", seed => seed >= 0 ? null : "at least 0");

    private readonly Option<int?> _workers = InputOptions.Positive<int>("--workers", "Threads that a search may use. By default 1.");

    private readonly Option<bool> _log = new("--log")
    {
        Description = "Say each better packing and bound of a search on standard error, a line each.",
    };

    /// <param name="command">The command that searches.</param>
    /// <param name="logs">Whether its search tells how it goes.</param>
    public void AddTo(Command command, bool logs = true)
    {
        foreach (var option in new Option[] { _timeLimit, _seed, _workers, _log }.SkipLast(logs ? 0 : 1))
        {
            HelpPage.Group("Search", option);
            command.Options.Add(option);
        }
    }

    /// <summary>Ctrl+C ends a search as a limit of time does: with the best packing so far.</summary>
    public SearchOptions Read(ParseResult parsed, TimeSpan? limit, CancellationToken stop) => new()
    {
        TimeLimit = parsed.GetValue(_timeLimit) is { } seconds ? TimeSpan.FromSeconds(seconds) : limit,
        Seed = parsed.GetValue(_seed) ?? SearchOptions.Default.Seed,
        Workers = parsed.GetValue(_workers) ?? SearchOptions.Default.Workers,
        Stop = stop,
    };

    /// <summary>What gets the id of a search and its progress on a file; <see langword="null"/> where it is not to be told.</summary>
    public Action<string, PackingProgress>? LogOf(ParseResult parsed, Terminal terminal, string file) => !parsed.GetValue(_log) ? null
        : (id, progress) => terminal.Error.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{file}: {id}: {progress.Elapsed.TotalSeconds:F3} s, {progress.Bins} bins, bound {progress.LowerBound}, {progress.Phase}"));
}
