using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Google.OrTools.Sat;

namespace PackingKit;

/// <summary>
/// Passes the solver's packings and bounds on. An exception (of the caller's progress, say) must not unwind through the solver's frames: it
/// is kept until the solver has returned.
/// </summary>
/// <remarks>
/// OR-Tools looks up by reflection whether a callback overrides the method that the solver calls, and aborts the process where it finds no
/// override. Trimming and native compilation would remove what it looks for: the overridden methods and those that override them, its own
/// wrapper of a delegate among them.
/// </remarks>
[method: DynamicDependency(nameof(OnSolutionCallback), typeof(SolutionCallback))]
[method: DynamicDependency(nameof(OnSolutionCallback))]
[method: DynamicDependency(nameof(BestBoundCallback.NewBestBound), typeof(BestBoundCallback))]
[method: DynamicDependency(nameof(BestBoundCallback.NewBestBound), "Google.OrTools.Sat.BestBoundCallbackDelegate", "Google.OrTools")]
internal sealed class CpSatCallback(AssignmentModel model, CpSatIncumbent incumbent) : CpSolverSolutionCallback
{
    private volatile ExceptionDispatchInfo? _failure;

    public bool HasFailed => _failure is not null;

    public void ThrowFailure() => _failure?.Throw();

    public override void OnSolutionCallback() => Guard(() => incumbent.Offer(model.Read(Value)));

    public void OnBound(double bound) => Guard(() => incumbent.Raise(bound));

    private void Guard(Action news)
    {
        if (HasFailed)
            return;
        try
        {
            news();
        }
#pragma warning disable CA1031 // whatever it is, it is thrown again
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
    }
}
