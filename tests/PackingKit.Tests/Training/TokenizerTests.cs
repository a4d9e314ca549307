using PackingKit.Samples.Training;
using Xunit;

namespace PackingKit.Tests.Training;

public class TokenizerTests
{
    [Theory]
    [InlineData("cl100k_base", new[] { 15339, 1917 })] // as OpenAI's tiktoken has it
    [InlineData("o200k_base", new[] { 24912, 2375 })]
    public void Encodings_with_a_name_are_there(string name, int[] tokens) =>
        Assert.Equal(tokens, TextTokenizer.Of(new InputSettings { TextField = "text", Tokenizer = name })!.Encode("hello world"));
}
