using System.Diagnostics;

namespace PackingKit.Cli;

/// <summary>The packing of one file: what is known of it while it runs, and its result.</summary>
internal sealed class PackingRun(Input input, IPackingStrategy strategy) : IProgress<PackingProgress>
{
    private readonly Stopwatch _clock = new();
    private volatile object? _latest; // boxed, so that a reader never sees half a report

    public Input Input => input;

    public string Strategy => strategy.Name;

    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>The latest report; <see langword="null"/> before the first.</summary>
    public PackingProgress? Latest => (PackingProgress?)_latest;

    /// <summary>The result; set by <see cref="StartAsync"/>.</summary>
    public Task<PackingResult> Result { get; private set; } = Task.FromException<PackingResult>(new InvalidOperationException("The run was not started."));

    public void Report(PackingProgress value) => _latest = value;

    /// <summary>Packs on a thread of the pool as soon as the gate lets it.</summary>
    public Task StartAsync(SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        return Result = RunAsync();

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
}
