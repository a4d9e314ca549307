namespace PackingKit.Attention;

/// <summary>How prompts follow each other in a row.</summary>
public enum PromptOrder
{
    /// <summary>As their lengths were given: packed tokens are then tokens in order, and nothing has to be sorted back.</summary>
    Given,

    /// <summary>Longest first, equals as given: long segments start early and do not trail behind the others on a device.</summary>
    LongestFirst,
}
