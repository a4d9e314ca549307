namespace PackingKit.Samples.Training;

/// <summary>What the command prints.</summary>
internal static class Report
{
    public static void Write(
        TextWriter output, Metadata metadata, Pieces pieces, PackingResult result, (int BestFitDecreasing, int FirstFit) windows)
    {
        output.WriteLine(
            $"{metadata.Source}: {metadata.Documents:N0} documents, {metadata.Tokens + metadata.LostTokens:N0} tokens; "
            + $"packs of {metadata.Capacity:N0}");
        output.WriteLine(
            $"longer than a pack ({metadata.Long}): {metadata.Split:N0} split, {metadata.Truncated:N0} truncated, "
            + $"{metadata.Dropped:N0} dropped; {metadata.LostTokens:N0} tokens lost; {metadata.Empty:N0} empty documents");
        output.WriteLine(
            $"conservation: each of the {metadata.Tokens:N0} packed tokens stands in exactly one pack, "
            + "the others are those counted as lost");
        output.WriteLine();
        output.WriteLine($"{"",-46}{"packs",10}{"above bound",14}{"utilisation",13}");
        var name = PackingStrategies.Find(metadata.Strategy).Words;
        Row($"{name}, all documents at once", result.BinCount);
        if (metadata.Packs != result.BinCount)
            Row($"  as a multiple of {metadata.Ranks} ranks", metadata.Packs);
        Row($"best-fit decreasing, windows of {Windows.Usual:N0}", windows.BestFitDecreasing);
        Row($"first-fit, windows of {Windows.Usual:N0}", windows.FirstFit);
        Row("one piece a pack", pieces.Items.Length);
        output.WriteLine(
            $"no packing has fewer than {metadata.LowerBound:N0} packs ({metadata.BoundRule}); "
            + $"packed and bounded in {result.Elapsed.TotalMilliseconds:N1} ms");
        output.WriteLine($"fingerprint {metadata.Fingerprint}");

        void Row(string how, int packs) => output.WriteLine(
            $"{how,-46}{packs,10:N0}{packs - metadata.LowerBound,14:N0}"
            + $"{(packs == 0 ? 1 : metadata.Tokens / ((double)packs * metadata.Capacity)),13:P2}");
    }
}
