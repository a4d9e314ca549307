using System.Globalization;

namespace PackingKit;

/// <summary>The fixed rules by which a study recommends something. docs/choosing.md has them in words.</summary>
internal static class RecommendationRules
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>Another capacity is worth a word where it leaves at most this part of the padding...</summary>
    private const double PartOfPadding = 0.5;

    /// <summary>... and saves at least this share of the room.</summary>
    private const double SavedRoom = 0.01;

    public static ValueList<Finding> Of(PackingStudy study) => study.Trials.All(trial => trial.Bins == study.Bound.Bins && trial.Bins <= 1)
        ? [new("take", study.Bound.Bins, $"There is nothing to choose: every strategy takes {Plural.Of(study.Bound.Bins, "bin")}.")]
        : [.. new[] { Take(study), Exact(study), Capacity(study), ItemLimit(study), Order(study), NoBins(study) }.OfType<Finding>()];

    /// <summary>Number: the bins.</summary>
    private static Finding Take(PackingStudy study)
    {
        var taken = study.Recommended;
        var rank = taken.Gap == 0 ? "and no packing has fewer"
            : study.Trials.Any(trial => trial.Bins < taken.Bins) ? "the fewest without a search"
            : "the fewest that were found";
        return new("take", taken.Bins, string.Create(Invariant,
            $"Take {taken.Strategy.Id}: {taken.Bins:N0} bins, {rank}; {taken.Fill:P1} filled, in {Duration(taken.Time.Median)}."));
    }

    /// <summary>Number: the bins that a better packing could save at most.</summary>
    private static Finding? Exact(PackingStudy study)
    {
        var taken = study.Recommended;
        if (study.Trials.Any(trial => trial.Strategy.IsSearch))
            return Searched(study);
        return taken.Gap == 0 ? null : new("exact", taken.Gap, string.Create(Invariant,
            $"An exact strategy could save at most {taken.Gap:N0} of {taken.Bins:N0} bins: the bound is {study.Bound.Bins:N0} "
            + $"({study.Bound.Rule}). Try exact, or tight for many items."));
    }

    /// <summary>The same where a search was run: the bins that it saved.</summary>
    private static Finding? Searched(PackingStudy study)
    {
        var best = PackingStudy.Best(study.Trials.Where(trial => trial.Strategy.IsSearch));
        if (best == study.Recommended)
            return null;
        var saved = study.Recommended.Bins - best.Bins;
        var words = saved == 0 ? "none" : saved.ToString("N0", Invariant);
        return new("exact", saved, string.Create(Invariant,
            $"{best.Strategy.Id} saves {words} of {study.Recommended.Bins:N0} bins, in {Duration(best.Time.Median)}")
            + (best.Gap == 0 ? ": no packing has fewer." : string.Create(Invariant, $"; {best.Gap:N0} above the bound.")));
    }

    /// <summary>Number: the share of the room that no item would fill.</summary>
    private static Finding? Capacity(PackingStudy study)
    {
        var (here, description) = (study.Capacities.First(each => each.Limits == study.Description.Limits), study.Description);
        var other = study.Capacities.FirstOrDefault(
            each => each.Padding <= PartOfPadding * here.Padding && each.Padding <= here.Padding - SavedRoom);
        return other is null ? null : new("capacity", other.Padding, string.Create(Invariant,
                $"A capacity of {description.InUnits(other.Limits.Capacity)} instead of {description.InUnits(here.Limits.Capacity)} "
                + $"would cut padding from {here.Padding:P1} to {other.Padding:P1}."));
    }

    /// <summary>Number: the least limit of items that needs no more bins than there are without one.</summary>
    private static Finding? ItemLimit(PackingStudy study)
    {
        var free = study.ItemLimits[^1];
        return study.ItemLimits.FirstOrDefault(each => each.Bins <= free.Bins) is not { Limits.HasItemLimit: true } least || least == free
            ? null : new("item-limit", least.Limits.MaxItems, string.Create(Invariant,
                $"At most {least.Limits.MaxItems} items in a bin would cost no bin."));
    }

    /// <summary>Number: the bins that the best of the strategies that keep the order takes more.</summary>
    private static Finding? Order(PackingStudy study)
    {
        if (study.Recommended.Strategy.IsOnline
            || study.Trials.Where(trial => trial.Strategy.IsOnline).MinBy(trial => trial.Bins) is not { } online)
            return null;
        var more = online.Bins - study.Recommended.Bins;
        return new("order", more, string.Create(Invariant,
            $"If items must be packed as they come: {online.Strategy.Id}, or a streaming packer; {more:N0} bins more in this order")
            + (online.Order is { } order ? string.Create(Invariant,
                $", {order.Fewest:N0} to {order.Most:N0} bins over {order.Orders} orders.") : "."));
    }

    /// <summary>Number: the sum of the sizes.</summary>
    private static Finding NoBins(PackingStudy study) => new("no-bins", study.Description.Histogram.TotalSize, string.Create(Invariant,
        $"If these are token sequences for a varlen kernel, they need no bins: one flat row has "
        + $"{study.Description.InUnits(study.Description.Histogram.TotalSize)} slots and no padding."));

    private static string Duration(double milliseconds) => milliseconds < 1000 ? string.Create(Invariant, $"{milliseconds:G3} ms")
        : string.Create(Invariant, $"{milliseconds / 1000:N1} s");
}
