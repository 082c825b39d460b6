using System.Buffers.Binary;
using Google.Protobuf;
using Kalisecu.Agent.Spool;
using Kalisecu.Findings.V1;

namespace Kalisecu.Agent.Push;

/// <summary>Sorted ids as the contract sends them: those of one finding after its own.</summary>
internal static class IdBatches
{
    public static IdBatch Of(ReadOnlySpan<IndexedOccurrence> rows)
    {
        var batch = new IdBatch();
        while (!rows.IsEmpty)
        {
            var finding = rows[0].Finding;
            var count = 1;
            while (count < rows.Length && rows[count].Finding == finding)
            {
                count++;
            }

            var ids = new byte[count * 16];
            for (var i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteUInt128BigEndian(ids.AsSpan(i * 16), rows[i].Occurrence);
            }

            var id = new byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(id, finding);
            batch.Findings.Add(
                new FindingIds
                {
                    FindingId = UnsafeByteOperations.UnsafeWrap(id),
                    OccurrenceIds = UnsafeByteOperations.UnsafeWrap(ids),
                }
            );
            rows = rows[count..];
        }

        return batch;
    }
}
