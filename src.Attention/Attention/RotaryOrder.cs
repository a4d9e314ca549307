namespace PackingKit.Attention;

/// <summary>Which elements of a head turn together.</summary>
public enum RotaryOrder
{
    /// <summary>Element i and element i + head size / 2: Llama as Hugging Face stores it, and most others.</summary>
    Halves,

    /// <summary>Elements 2i and 2i + 1: GPT-J, ChatGLM, and Llama as Meta stores it.</summary>
    Interleaved,
}
