using PackingKit.Samples.Prefill.Model;

namespace PackingKit.Samples.Prefill.Reports;

/// <summary>How results are shown.</summary>
internal interface IReport
{
    /// <summary>What is about to be measured.</summary>
    void Start(PrefillSettings settings, LlamaModel model);

    /// <summary>Runs work, showing how it gets on.</summary>
    Measurement Watch(Func<IProgress<string>, Measurement> work);

    /// <summary>What was measured.</summary>
    void Show(Measurement measurement);
}
