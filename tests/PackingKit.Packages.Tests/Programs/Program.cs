/// <summary>Runs every program of the pages that needs no GPU.</summary>
internal static class PackagedPrograms
{
    public static async Task Main()
    {
        Prefill.Main();
        SharedBeginnings.Main();
        Training.Main();
        Passes.Main();
        await Embeddings.Main();
    }
}
