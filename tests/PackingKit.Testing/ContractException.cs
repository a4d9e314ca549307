namespace PackingKit.Testing;

/// <summary>A strategy breaks a rule of the contract; the message names the rule, the input and what went wrong.</summary>
public sealed class ContractException(string message) : Exception(message);
