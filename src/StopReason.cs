namespace PackingKit;

/// <summary>Why a strategy stopped.</summary>
public enum StopReason
{
    /// <summary>It ran to its own end.</summary>
    Completed,

    /// <summary>The number of bins met the lower bound, so there was nothing left to look for.</summary>
    BoundReached,

    /// <summary>The time limit cut in; the result is the best found until then.</summary>
    TimeLimit,

    /// <summary>A limit on work other than time (nodes, iterations, memory) cut in; the result is the best found until then.</summary>
    WorkLimit,

    /// <summary><see cref="SearchOptions.Stop"/> was cancelled; the result is the best found until then.</summary>
    Stopped,
}
