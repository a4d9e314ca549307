namespace PackingKit;

/// <summary>
/// Checks micro-batches and both bounds that they claim from the lengths alone. It shares no code with the strategy: works are summed
/// again, the count goes to <see cref="CertificateChecker"/>, and the room that the bound on the work leaves is filled token by token.
/// </summary>
public static class MicroBatchChecker
{
    /// <summary>
    /// What holds of a result; the bins of the verdict are micro-batches, its bound the fewest. O(n²) and a knapsack where the count is
    /// proved by prices.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="result"/> is <see langword="null"/>.</exception>
    public static CertificateVerdict Check(MicroBatchResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var (options, lengths) = (result.Options, result.Lengths);
        var above = Enumerable.Range(0, lengths.Count).Count(sample => lengths[sample] > options.TokenCap);
        var alone = options.AboveCap == AboveCapRule.Alone ? above : 0;
        if (DealFault(result) is { } fault)
            return new(CertificateStatus.Refused, null, 0, fault);

        long[] within = [.. lengths.Where(length => length <= options.TokenCap).OrderDescending()];
        var batches = result.Batches.Where(batch => batch.Count > 0 && batch.All(sample => lengths[sample] <= options.TokenCap));
        var limits = new BinLimits(options.TokenCap, options.MaxSamples ?? BinLimits.Unlimited);
        var patterns = batches.Select(batch => new PackingPattern(
        [
            .. batch.CountBy(sample => lengths[sample]).OrderByDescending(pair => pair.Key)
                .Select(pair => new SizeCount(pair.Key, pair.Value)),
        ]));
        var count = CertificateChecker.Check(
            SizeHistogram.Of(within), limits, new PackingCertificate(limits, [.. patterns], result.CountBound));
        if (count.Status == CertificateStatus.Refused)
            return count;
        var fewest = UpToRanks(count.LowerBound + alone, options.Ranks);
        if (UpToRanks(result.CountBound.Bins + alone, options.Ranks) != result.MinCount)
            return new(
                CertificateStatus.Refused, result.Count, fewest, $"A bound of {result.CountBound.Bins} does not make {result.MinCount}.");

        var largestAlone = alone == 0 ? 0 : options.Work.Of(lengths.Max());
        var isProved = result.WorkBound <= largestAlone || IsProved(within, result.Count - alone, options, result.WorkBound);
        return !isProved ? new(CertificateStatus.Refused, result.Count, fewest, $"The work {result.WorkBound} is not proved.")
            : new(count.Status, result.Count, fewest, count.Reason);
    }

    private static long UpToRanks(long count, int ranks) => (count + ranks - 1) / ranks * ranks;

    private static string? DealFault(MicroBatchResult result)
    {
        var (options, lengths) = (result.Options, result.Lengths);
        if (result.Count % options.Ranks != 0)
            return $"{result.Count} micro-batches are not a multiple of {options.Ranks} ranks.";
        var seen = new int[lengths.Count];
        (int Fewest, int Most) counts = (int.MaxValue, 0);
        for (var batch = 0; batch < result.Count; batch++)
        {
            var samples = result.Batches[batch];
            foreach (var sample in samples)
                if ((uint)sample >= (uint)seen.Length || ++seen[sample] > 1 || result.BatchOfSample[sample] != batch)
                    return $"Sample {sample} of micro-batch {batch} is none, is there twice, or is said to be elsewhere.";
            if (samples.Any(sample => lengths[sample] > options.TokenCap))
            {
                if (samples.Count > 1 || options.AboveCap != AboveCapRule.Alone)
                    return $"Micro-batch {batch} has a sample above the cap {options.TokenCap}.";
                continue;
            }
            if (samples.Sum(sample => lengths[sample]) is var tokens && tokens > options.TokenCap)
                return $"Micro-batch {batch} has {tokens} tokens, above the cap {options.TokenCap}.";
            if (samples.Count > options.MaxSamples)
                return $"Micro-batch {batch} has {samples.Count} samples, above the limit {options.MaxSamples}.";
            counts = (Math.Min(counts.Fewest, samples.Count), Math.Max(counts.Most, samples.Count));
        }
        if (options.EqualCounts && counts.Most - counts.Fewest > 1)
            return $"Micro-batches have {counts.Fewest} to {counts.Most} samples.";
        for (var sample = 0; sample < seen.Length; sample++)
            if (seen[sample] == 0 && (lengths[sample] <= options.TokenCap || options.AboveCap != AboveCapRule.LeaveOut))
                return $"Sample {sample} is in no micro-batch.";
        return null;
    }

    /// <summary>Whether less work than a bound would be too little.</summary>
    private static bool IsProved(long[] descending, int batches, MicroBatchOptions options, long bound)
    {
        var works = descending.Select(length => (Int128)options.Work.Of(length)).ToArray();
        if (bound <= 0 || (works.Aggregate(Int128.Zero, (sum, work) => sum + work) + batches - 1) / batches >= bound)
            return true;
        for (var j = 0; (long)j * batches < works.Length; j++)
            if (works[((j * batches) - j)..((j * batches) + 1)].Aggregate(Int128.Zero, (sum, work) => sum + work) >= bound)
                return true;

        // Samples that cannot meet have a batch each; all batches together must have room for the tokens.
        var apart = 1;
        while (apart < descending.Length && descending[apart] + descending[apart - 1] > options.TokenCap)
            apart++;
        Int128 room = 0;
        for (var batch = 0; batch < batches; batch++)
            room += RoomBeside(batch < apart ? descending[batch] : 0);
        return room < descending.Aggregate(Int128.Zero, (sum, length) => sum + length);

        // No sample alone has the work of the bound, so something is left to buy with.
        Int128 RoomBeside(long first)
        {
            // What is left of the work buys the tokens of the shortest samples first, the last one in part.
            var left = bound - 1 - ((Int128)options.Work.PerToken * first) - ((Int128)options.Work.PerSquare * first * first);
            Int128 tokens = first;
            foreach (var length in descending.Reverse())
            {
                var price = options.Work.PerToken + ((Int128)options.Work.PerSquare * length);
                var bought = price == 0 ? length : Int128.Min(length, left / price);
                (tokens, left) = (tokens + bought, left - (bought * price));
                if (bought < length)
                    break;
            }
            return Int128.Min(tokens, options.TokenCap);
        }
    }
}
