namespace PackingKit.Testing;

/// <summary>A strategy breaks a rule of the contract; the message names the rule, the input and what went wrong.</summary>
/// <param name="message">What went wrong.</param>
/// <param name="innerException">What the strategy threw or the check found, with its stack trace.</param>
public sealed class ContractException(string message, Exception? innerException = null) : Exception(message, innerException);
