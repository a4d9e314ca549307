using System.Globalization;
using Google.OrTools.Sat;

namespace PackingKit;

/// <summary>A way to write packing with rules for CP-SAT, which minimises the number of bins.</summary>
internal interface IConstrainedModel
{
    CpModel Model { get; }

    /// <summary>The most bins that the model has.</summary>
    int MaxBins { get; }

    /// <summary>How much of the model the solver's linear programs see, from 0 to 2.</summary>
    int LinearizationLevel { get; }

    /// <summary>The bin of each unit in a solution, empty bins left out.</summary>
    int[] Read(CpSolver solver);
}

/// <summary>Searches in such a model.</summary>
internal static class ConstrainedModelSearch
{
    /// <summary>Searches for the fewest bins.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Time limit, workers and seed.</param>
    /// <param name="elapsed">Time that has passed already.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>
    /// The bin of each unit, where a packing was found; a number of bins that every packing has, or one more than the model has where that
    /// is proved; and whether the search ended.
    /// </returns>
    public static (int[]? BinOfUnit, long Bound, bool IsComplete) Solve(
        this IConstrainedModel model, SearchOptions options, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        using var solver = new CpSolver
        {
            StringParameters = $"num_workers:{CpSatRunner.Workers(options)},random_seed:{options.Seed},catch_sigint_signal:false,"
                + $"linearization_level:{model.LinearizationLevel}",
        };
        if (options.TimeLimit is { } limit)
            solver.StringParameters += string.Create(
                CultureInfo.InvariantCulture, $",max_time_in_seconds:{Math.Max(0.001, (limit - elapsed).TotalSeconds):R}");
        var status = solver.SolveUntil(
            () => cancellationToken.IsCancellationRequested || options.Stop.IsCancellationRequested, model.Model);
        cancellationToken.ThrowIfCancellationRequested();
        return status switch
        {
            CpSolverStatus.Infeasible => (null, model.MaxBins + 1L, true),
            CpSolverStatus.Optimal or CpSolverStatus.Feasible => (
                model.Read(solver), (long)Math.Ceiling(solver.BestObjectiveBound - SearchTuning.Tolerance),
                status == CpSolverStatus.Optimal),
            _ => (null, 0, false),
        };
    }
}
