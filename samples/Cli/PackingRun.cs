using System.Diagnostics;

namespace PackingKit.Cli;

/// <summary>The packing of one file, on a thread of the pool: what is known of it while it runs, and its result.</summary>
internal sealed class PackingRun : IProgress<PackingProgress>
{
    private readonly Stopwatch _clock = new();
    private volatile object? _latest; // boxed, so that a reader never sees half a report

    /// <summary>Starts as soon as the gate lets it.</summary>
    public PackingRun(Input input, IPackingStrategy strategy, SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        (Input, Strategy) = (input, strategy.Id);
        Result = RunAsync();

        async Task<PackingResult> RunAsync()
        {
            await gate.WaitAsync(cancellationToken);
            try
            {
                _clock.Start();
                return await Task.Run(() => strategy.Pack(input.Problem, this, cancellationToken), cancellationToken);
            }
            finally
            {
                _clock.Stop();
                gate.Release();
            }
        }
    }

    public Input Input { get; }

    public string Strategy { get; }

    public Task<PackingResult> Result { get; }

    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>The latest report; <see langword="null"/> before the first.</summary>
    public PackingProgress? Latest => (PackingProgress?)_latest;

    public void Report(PackingProgress value) => _latest = value;
}
