using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Model;

internal static class Checkpoint
{
    public static LlamaWeights Read(string folder, Device device, ScalarType dtype) => throw new BadInputException($"{folder}: not yet");
}
