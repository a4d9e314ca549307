namespace PackingKit.Samples.Shards;

/// <summary>An option or a file cannot be used; the message says which, where and why.</summary>
internal sealed class BadInputException(string message, Exception? inner = null) : Exception(Messages.Shortened(message), inner);
