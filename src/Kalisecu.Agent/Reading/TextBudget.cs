namespace Kalisecu.Agent.Reading;

/// <summary>
/// Bounds the long texts that are kept at once for all rules of a report: the largest honest rule sets have 10 MB of them.
/// Beyond, rules keep their names and lose their prose.
/// </summary>
internal sealed class TextBudget
{
    private long _left = 32 * 1024 * 1024;

    public string Take(string text)
    {
        _left -= text.Length;
        return _left >= 0 ? text : PlainText.Mark;
    }
}
