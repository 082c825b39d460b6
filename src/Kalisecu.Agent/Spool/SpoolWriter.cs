using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Agent.Identity;
using Kalisecu.Agent.Push;
using Kalisecu.Findings.V1;
using NodaTime;

namespace Kalisecu.Agent.Spool;

/// <summary>What a scan is, apart from what it found.</summary>
internal sealed record ScanFacts(
    Guid ScanId,
    Guid SiteId,
    string Tool,
    string ToolVersion,
    string CatalogueVersion,
    Instant Start,
    Instant End
);

/// <summary>
/// Makes a spooled scan. Bodies go to disk as they come; of each occurrence only its ids and its place in the file stay in
/// memory (64 bytes), are sorted, and then the bodies are copied in that order.
/// </summary>
internal sealed class SpoolWriter : IDisposable
{
    private const int FindingsTogether = 200;
    private const int ObservationsTogether = 200;
    private const int PlacesTogether = 1_000;
    private const int MaximumPlace = 2_048;
    private const string RawFile = "raw";

    private readonly SpoolFolder _spool;
    private readonly ScanFacts _facts;
    private readonly string _folder;
    private readonly FileStream _raw;
    private readonly List<IndexedOccurrence> _occurrences = [];
    private readonly Dictionary<Guid, FindingBody> _findings = [];
    private readonly List<ObservationBody> _observations = [];

    public SpoolWriter(SpoolFolder spool, ScanFacts facts)
    {
        _spool = spool;
        _facts = facts;
        _folder = spool.Begin(facts.ScanId);
        _raw = Durable.Create(Path.Combine(_folder, RawFile));
    }

    /// <summary>The id and the count of its occurrences are filled in here.</summary>
    public void AddFinding(FindingBody body)
    {
        var id = ContentIds.Finding(_facts.SiteId, body.Check);
        body.FindingId = ToBytes(id);
        _findings[id] = body;
    }

    public void AddObservation(ObservationBody body) => _observations.Add(body);

    public void AddOccurrence(Guid findingId, Guid occurrenceId, string place, ReadOnlyMemory<byte> exchange)
    {
        (occurrenceId, place) = Fit(findingId, occurrenceId, place);
        var body = new OccurrenceBody
        {
            FindingId = ToBytes(findingId),
            OccurrenceId = ToBytes(occurrenceId),
            Place = place,
            Exchange = UnsafeByteOperations.UnsafeWrap(exchange),
        };
        var offset = _raw.Position;
        var output = new OccurrenceBatch { Occurrences = { body } };
        output.WriteTo(_raw);
        _occurrences.Add(
            new IndexedOccurrence(
                BinaryPrimitives.ReadUInt128BigEndian(body.FindingId.Span),
                BinaryPrimitives.ReadUInt128BigEndian(body.OccurrenceId.Span),
                offset,
                checked((int)(_raw.Position - offset))
            )
        );
        _findings[findingId].OccurrenceCount++;
    }

    /// <summary>Makes the entry appear; until then nothing of it counts.</summary>
    public SpoolEntry Commit(bool complete, bool wholeSite, IEnumerable<string> visitedPlaces)
    {
        var rows = _occurrences.ToArray();
        Array.Sort(rows);
        WriteBodies(rows);
        Durable.Write(Path.Combine(_folder, SpoolEntry.IdsFile), OccurrenceIndex.Write(rows));
        WriteHead(rows, complete, wholeSite, [.. visitedPlaces.Order(StringComparer.Ordinal)]);
        _raw.Dispose();
        File.Delete(Path.Combine(_folder, RawFile));
        return _spool.Commit(_folder, _facts.ScanId);
    }

    public void Dispose()
    {
        _raw.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void WriteBodies(IndexedOccurrence[] rows)
    {
        _raw.Flush();
        using var bodies = Durable.Create(Path.Combine(_folder, SpoolEntry.BodiesFile));
        var buffer = new byte[64 * 1024];
        foreach (var row in rows)
        {
            if (buffer.Length < row.Length)
            {
                buffer = new byte[row.Length];
            }

            RandomAccess.Read(_raw.SafeFileHandle, buffer.AsSpan(0, row.Length), row.Offset);
            bodies.Write(buffer, 0, row.Length);
        }

        bodies.Flush(flushToDisk: true);
    }

    private void WriteHead(IndexedOccurrence[] rows, bool complete, bool wholeSite, List<string> places)
    {
        var findings = _findings
            .Values.Where(f => f.OccurrenceCount > 0)
            .OrderBy(f => BinaryPrimitives.ReadUInt128BigEndian(f.FindingId.Span))
            .ToList();
        var observations = _observations.OrderBy(o => Order(o), Bytes.Order).ToList();
        using var head = Durable.Create(Path.Combine(_folder, SpoolEntry.HeadFile));
        var open = new PushOpen
        {
            ScanId = _facts.ScanId.ToString("D"),
            SiteId = _facts.SiteId.ToString("D"),
            Tool = _facts.Tool,
            ToolVersion = _facts.ToolVersion,
            CatalogueVersion = _facts.CatalogueVersion,
            StartTime = Timestamp.FromDateTimeOffset(_facts.Start.ToDateTimeOffset()),
            EndTime = Timestamp.FromDateTimeOffset(_facts.End.ToDateTimeOffset()),
            OccurrenceCount = (ulong)rows.Length,
            FindingCount = (uint)findings.Count,
            ObservationCount = (uint)observations.Count,
            ContentDigest = UnsafeByteOperations.UnsafeWrap(
                Digest(findings, rows, observations, complete, wholeSite, places)
            ),
        };
        new PushScanRequest { Open = open }.WriteDelimitedTo(head);
        foreach (var some in findings.Chunk(FindingsTogether))
        {
            new PushScanRequest { Findings = new FindingBatch { Findings = { some } } }.WriteDelimitedTo(head);
        }

        foreach (var some in observations.Chunk(ObservationsTogether))
        {
            new PushScanRequest { Observations = new ObservationBatch { Observations = { some } } }.WriteDelimitedTo(
                head
            );
        }

        foreach (var some in places.Chunk(PlacesTogether).DefaultIfEmpty([]))
        {
            var coverage = new Coverage
            {
                Complete = complete,
                WholeSite = wholeSite,
                VisitedPlaces = { some },
            };
            new PushScanRequest { Coverage = coverage }.WriteDelimitedTo(head);
        }

        head.Flush(flushToDisk: true);
    }

    private static byte[] Digest(
        List<FindingBody> findings,
        IndexedOccurrence[] rows,
        List<ObservationBody> observations,
        bool complete,
        bool wholeSite,
        List<string> places
    )
    {
        using var digest = new ContentDigest();
        digest.AddCount(findings.Count);
        foreach (var finding in findings)
        {
            digest.Add(finding.FindingId.Span);
            digest.AddBody(finding);
        }

        digest.AddCount(rows.Length);
        Span<byte> id = stackalloc byte[16];
        foreach (var row in rows)
        {
            BinaryPrimitives.WriteUInt128BigEndian(id, row.Occurrence);
            digest.Add(id);
        }

        digest.AddCount(observations.Count);
        observations.ForEach(digest.AddBody);
        digest.AddCoverage(complete, wholeSite, places);
        return digest.Finish();
    }

    /// <summary>A place is limited in bytes on the wire; a longer one keeps its beginning and a digest that tells it apart.</summary>
    private static (Guid Id, string Place) Fit(Guid findingId, Guid occurrenceId, string place)
    {
        if (Encoding.UTF8.GetByteCount(place) <= MaximumPlace)
        {
            return (occurrenceId, place);
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place)).AsSpan(0, 8));
        var kept = place.Length;
        while (Encoding.UTF8.GetByteCount(place.AsSpan(0, kept)) > MaximumPlace - digest.Length - 1)
        {
            kept = char.IsHighSurrogate(place[kept - 2]) ? kept - 2 : kept - 1;
        }

        var fitted = $"{place[..kept]}~{digest}";
        return (ContentIds.Occurrence(findingId, fitted), fitted);
    }

    private static byte[] Order(ObservationBody o) =>
        [.. Encoding.UTF8.GetBytes(o.Kind), 0, .. Encoding.UTF8.GetBytes(o.Place)];

    private static ByteString ToBytes(Guid id) => UnsafeByteOperations.UnsafeWrap(id.ToByteArray(bigEndian: true));

    private sealed class Bytes : IComparer<byte[]>
    {
        public static readonly Bytes Order = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
