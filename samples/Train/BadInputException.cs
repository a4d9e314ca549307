namespace PackingKit.Samples.Train;

/// <summary>An option cannot be used; the message says which and why.</summary>
internal sealed class BadInputException(string message, Exception? inner = null) : Exception(Messages.Shortened(message), inner);
