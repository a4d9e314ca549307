namespace PackingKit.Attention;

/// <summary>Where the keys lie that a layout's queries attend to: their own slots, or regions of a cache.</summary>
/// <param name="SlotCount">Slots of the key and value tensors.</param>
/// <param name="Starts">Slot of each prompt's first key, in prompt order.</param>
/// <param name="Lengths">Number of each prompt's keys, those of the queries' own tokens included, in prompt order.</param>
/// <param name="AreQueries">Whether keys lie slot by slot where the queries lie.</param>
internal sealed record KeyLayout(int SlotCount, int[] Starts, int[] Lengths, bool AreQueries)
{
    /// <summary>Every prompt's keys lie within the slots: CUDA kernels read them without a check.</summary>
    public bool Fits
    {
        get
        {
            if (Starts.Length != Lengths.Length)
                return false;
            for (var prompt = 0; prompt < Starts.Length; prompt++)
                if (Starts[prompt] < 0 || Lengths[prompt] < 1 || Starts[prompt] > SlotCount - Lengths[prompt])
                    return false;
            return true;
        }
    }

    public int MaxLength => Lengths.Length == 0 ? 0 : Lengths.Max();

    /// <summary>Attention of prompts to themselves.</summary>
    public static KeyLayout Of(PackedLayout queries)
    {
        var starts = new int[queries.PromptCount];
        foreach (var segment in queries.Segments)
            starts[segment.Prompt] = segment.Start;
        return new KeyLayout(queries.SlotCount, starts, queries.Lengths.ToArray(), AreQueries: true);
    }
}
