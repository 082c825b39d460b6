using Kalisecu.Findings.V1;

namespace Kalisecu.Agent.Push;

/// <summary>The server's catalogue names rules of this scan otherwise: it is to be renamed and opened anew.</summary>
internal sealed class RulesRenamed(PushOpened opened)
    : Exception($"catalogue {opened.CatalogueVersion} of the server names rules otherwise")
{
    public PushOpened Opened => opened;
}
