using System.Globalization;
using System.Text.Json;

namespace PackingKit.Attention;

/// <summary>
/// The rotary embedding of a Hugging Face <c>config.json</c>. Keys about it that are not known here are refused: read as if they were not
/// there, they would give frequencies that are wrong and look right.
/// </summary>
internal static class RotaryConfig
{
    private const double UsualTheta = 10000; // what configurations leave out

    /// <summary>A hundred times what any model has: beyond it a number is a mistake, and memory for it is not taken.</summary>
    private const int MaxHeadSize = 1 << 16;

    public static RotaryFrequencies Read(JsonElement config)
    {
        if (config.ValueKind != JsonValueKind.Object)
            throw new FormatException($"The configuration is {config.ValueKind}, not an object.");
        try
        {
            return Read(new ConfigPart("The configuration", config));
        }
        catch (ArgumentException obstacle)
        {
            throw new FormatException($"The configuration's rotary embedding is not valid: {obstacle.Message}", obstacle);
        }
        catch (InvalidOperationException obstacle) // of names and texts that are no Unicode
        {
            throw new FormatException($"The configuration cannot be read: {obstacle.Message}", obstacle);
        }
    }

    private static RotaryFrequencies Read(ConfigPart root)
    {
        var (parameters, scaling) = (root.Part("rope_parameters"), root.Part("rope_scaling"));
        if (parameters is not null && scaling is not null)
            throw new NotSupportedException("The configuration has \"rope_parameters\" and \"rope_scaling\": which counts is not known.");
        var rope = parameters ?? scaling ?? new ConfigPart("The configuration", null);
        RequireWholeHead(root, rope);
        var theta = Theta(root, rope);
        var frequencies = Turned(Scaled(root, rope, HeadSize(root), theta), rope);
        Refuse(root.Unread.Where(IsAboutRotation));
        Refuse(rope.Unread);
        return frequencies;
    }

    private static RotaryFrequencies Scaled(ConfigPart root, ConfigPart rope, int headSize, double theta)
    {
        var usual = RotaryFrequencies.Usual(headSize, theta);
        var (type, older) = (rope.Text("rope_type"), rope.Text("type")); // Qwen2-VL's are default and mrope, which mean the same
        return (type ?? older ?? "default") switch
        {
            "default" or "mrope" => older is null or "default" or "mrope" ? usual : throw Unknown(older),
            "linear" => usual.Linear(rope.Needed("factor")),
            "llama3" => usual.Llama3(
                rope.Needed("factor"), rope.Needed("low_freq_factor"), rope.Needed("high_freq_factor"),
                rope.NeededWhole("original_max_position_embeddings")),
            "yarn" => usual.Yarn(
                rope.Needed("factor"), theta,
                rope.Whole("original_max_position_embeddings") ?? root.NeededWhole("max_position_embeddings"),
                rope.Number("beta_fast") ?? 32, rope.Number("beta_slow") ?? 1, YarnMagnitude(rope), rope.Flag("truncate") ?? true),
            var other => throw Unknown(other),
        };

        NotSupportedException Unknown(string name) =>
            new($"{rope.Name} has the rope type \"{name}\" (\"rope_type\" or \"type\"), not default, linear, llama3, yarn or mrope.");
    }

    private static double? YarnMagnitude(ConfigPart rope)
    {
        var (given, one, all) = (rope.Number("attention_factor"), rope.Number("mscale") ?? 0, rope.Number("mscale_all_dim") ?? 0);
        var factor = rope.Needed("factor");
        return given
            ?? (one != 0 && all != 0 ? RotaryFrequencies.MagnitudeOf(factor, one) / RotaryFrequencies.MagnitudeOf(factor, all) : null);
    }

    /// <summary>With the rows that turn the pairs, where there are several.</summary>
    private static RotaryFrequencies Turned(RotaryFrequencies frequencies, ConfigPart rope)
    {
        var interleaved = rope.Flag("mrope_interleaved") ?? false;
        if (rope.Wholes("mrope_section") is { } sections)
            return frequencies.Multimodal(sections, interleaved);
        return rope.Text("rope_type") == "mrope" || rope.Text("type") == "mrope" || interleaved
            ? throw new FormatException($"{rope.Name} has no \"mrope_section\".") : frequencies;
    }

    private static int HeadSize(ConfigPart root)
    {
        var size = root.Whole("head_dim") ?? Share();
        return size <= MaxHeadSize ? size
            : throw new FormatException($"The configuration's heads have {size} elements, more than {MaxHeadSize}.");

        int Share()
        {
            var (all, heads) = (root.NeededWhole("hidden_size"), root.NeededWhole("num_attention_heads"));
            return heads > 0 && all % heads == 0 ? all / heads
                : throw new FormatException(
                    $"The configuration's \"hidden_size\" is {all}, no multiple of its \"num_attention_heads\", {heads}.");
        }
    }

    private static double Theta(ConfigPart root, ConfigPart rope)
    {
        var (outer, inner) = (root.Number("rope_theta"), rope.Number("rope_theta"));
        if (outer is not null && inner is not null && outer != inner)
            throw new NotSupportedException(string.Create(
                CultureInfo.InvariantCulture, $"\"rope_theta\" is {outer}, but {inner} in {rope.Name}: which counts is not known."));
        return inner ?? outer ?? UsualTheta;
    }

    private static void RequireWholeHead(ConfigPart root, ConfigPart rope)
    {
        foreach (var part in new[] { root, rope })
            foreach (var name in new[] { "partial_rotary_factor", "rotary_pct" })
                if (part.Number(name) is { } share && share != 1)
                    throw new NotSupportedException(string.Create(
                        CultureInfo.InvariantCulture, $"Only part of a head is rotated: {part.Name} has \"{name}\": {share}."));
    }

    private static void Refuse(IEnumerable<ConfigEntry> unread)
    {
        foreach (var entry in unread)
            throw new NotSupportedException(
                $"{entry.Part} has {entry.Text}, which {nameof(RotaryFrequencies.FromConfig)} does not know for this rope type.");
    }

    private static bool IsAboutRotation(ConfigEntry entry) => Array.Exists(
        entry.Name.Split('_'), word => word is "rope" or "mrope" || word.StartsWith("rotary", StringComparison.Ordinal));
}
