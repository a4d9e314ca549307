using System.Diagnostics;

namespace PackingKit.Cli;

/// <summary>The packing of one file, on a thread of the pool: what is known of it while it runs, and its result.</summary>
internal sealed class PackingRun : IProgress<PackingProgress>
{
    /// <summary>A run that is shorter is made again: its time would be that of compiling the program, not of packing.</summary>
    private static readonly TimeSpan ShortRun = TimeSpan.FromMilliseconds(500);

    private readonly Stopwatch _clock = new();
    private readonly Action<string, PackingProgress>? _log;
    private volatile object? _latest; // boxed, so that a reader never sees half a report

    /// <summary>Starts as soon as the gate lets it. Cancelled, a search gives the best it has, and anything else nothing.</summary>
    public PackingRun(
        Input input, IPackingStrategy strategy, bool isSearch, SemaphoreSlim gate, Action<string, PackingProgress>? log,
        CancellationToken cancellationToken)
    {
        (Input, Strategy, _log) = (input, strategy.Id, log);
        Result = RunAsync();

        async Task<PackingResult> RunAsync()
        {
            await gate.WaitAsync(cancellationToken);
            try
            {
                _clock.Start();
                return await Task.Run(() => isSearch ? Search() : PackTwice(), cancellationToken);
            }
            finally
            {
                _clock.Stop();
                gate.Release();
            }
        }

        PackingResult Search() => strategy.Pack(input.Problem, this, CancellationToken.None);

        PackingResult PackTwice()
        {
            var result = strategy.Pack(input.Problem, progress: null, cancellationToken);
            return result.Elapsed > ShortRun ? result : strategy.Pack(input.Problem, progress: null, cancellationToken);
        }
    }

    public Input Input { get; }

    public string Strategy { get; }

    public Task<PackingResult> Result { get; }

    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>The latest report; <see langword="null"/> before the first.</summary>
    public PackingProgress? Latest => (PackingProgress?)_latest;

    public void Report(PackingProgress value)
    {
        _latest = value;
        _log?.Invoke(Strategy, value);
    }
}
