#region Attention: budget
using PackingKit.Attention;

internal static class Passes
{
    public static void Main()
    {
        int[] lengths = [700, 3000, 120, 450, 90, 1300];
        // 2048 tokens of prompt 1, then the rest of it packed with the others.
        Show(PackedPasses.Plan(lengths, maxTokens: 2048));
        // Any prompt may be cut: as few passes as there can be, all full but the last.
        Show(PackedPasses.Fill(lengths, maxTokens: 2048));
    }

    private static void Show(IReadOnlyList<PackedPass> passes)
    {
        foreach (var pass in passes)
            for (var i = 0; i < pass.Prompts.Count; i++)
                Console.WriteLine(
                    $"pass of {pass.Layout.TokenCount}: {pass.Layout.Lengths[i]} tokens of prompt {pass.Prompts[i]} " +
                    $"from position {pass.Layout.PastLengths[i]}");
    }
}
#endregion
