namespace PackingKit;

/// <summary>A problem that was made from full bins, so that its optimum is known at any size.</summary>
/// <param name="Problem">The items, in random order.</param>
/// <param name="Optimum">The fewest bins: they are full, so no packing has fewer.</param>
public sealed record PlantedProblem(PackingProblem Problem, int Optimum);
