using Google.Protobuf;
using Kalisecu.Findings.V1;

namespace Kalisecu.Agent.Spool;

/// <summary>A scan on disk, complete and in the order in which it is sent.</summary>
internal sealed class SpoolEntry(string folder)
{
    /// <summary>The open, then findings, observations and coverage: messages of the push, each behind its length.</summary>
    public const string HeadFile = "head";

    /// <summary><see cref="OccurrenceIndex"/>.</summary>
    public const string IdsFile = "ids";

    /// <summary>Bodies in canonical order, as they stand in an OccurrenceBatch: tag, length, body.</summary>
    public const string BodiesFile = "bodies";

    private readonly Lazy<IReadOnlyList<PushScanRequest>> _head = new(() => ReadHead(Path.Combine(folder, HeadFile)));

    public string Folder => folder;

    public string Name => Path.GetFileName(folder);

    public PushOpen Open => _head.Value[0].Open;

    public IEnumerable<PushScanRequest> Findings => Head(PushScanRequest.MessageOneofCase.Findings);

    public IEnumerable<PushScanRequest> Observations => Head(PushScanRequest.MessageOneofCase.Observations);

    public IEnumerable<PushScanRequest> Coverage => Head(PushScanRequest.MessageOneofCase.Coverage);

    public IndexedOccurrence[] ReadIds() => OccurrenceIndex.Read(File.ReadAllBytes(Path.Combine(folder, IdsFile)));

    public FileStream OpenBodies() =>
        new(Path.Combine(folder, BodiesFile), FileMode.Open, FileAccess.Read, FileShare.Read, 0);

    private IEnumerable<PushScanRequest> Head(PushScanRequest.MessageOneofCase kind) =>
        _head.Value.Where(m => m.MessageCase == kind);

    private static List<PushScanRequest> ReadHead(string path)
    {
        var messages = new List<PushScanRequest>();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
        while (file.Position < file.Length)
        {
            messages.Add(PushScanRequest.Parser.ParseDelimitedFrom(file));
        }

        return messages;
    }
}
