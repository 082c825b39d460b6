using System.Security.Cryptography;
using System.Text.Json;
using Kalisecu.Keys;
using Kalisecu.Objects;

namespace Kalisecu.Rights;

/// <summary>How long the journal is, kept apart from it and under a key: who cuts its end off is seen.</summary>
internal sealed record JournalHead(long Number, string Hash, string Seal)
{
    public const string FileName = "erasures.head";

    private const string SealedAs = "erasure_journal.head";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The number of the last entry; null where no head was written.</summary>
    /// <exception cref="InvalidDataException">Somebody else wrote it.</exception>
    public static long? Read(string file, KeyRing keys)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var head = Parse(File.ReadAllBytes(file));
        return
            head is not null
            && CryptographicOperations.FixedTimeEquals(
                Convert.FromHexString(head.Seal),
                SealOf(head.Number, head.Hash, keys)
            )
            ? head.Number
            : throw new InvalidDataException("The length of the journal of erasures was changed by somebody.");
    }

    /// <summary>Moves it to a line that is on the disk, null for none yet; it replaces the former one as a whole.</summary>
    public static void Write(string file, JournalLine? last, KeyRing keys)
    {
        var (number, hash) = (last?.Number ?? 0, last?.Hash ?? JournalLine.NoHash);
        var head = new JournalHead(number, hash, Convert.ToHexStringLower(SealOf(number, hash, keys)));
        var pending = file + ".new";
        using (
            var stream = new FileStream(
                pending,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerOnly,
                }
            )
        )
        {
            JsonSerializer.Serialize(stream, head);
            stream.Flush(flushToDisk: true);
        }

        File.Move(pending, file, overwrite: true);
        DurableFolder.Flush(Path.GetDirectoryName(file)!);
    }

    private static JournalHead? Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalHead>(content);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] SealOf(long number, string hash, KeyRing keys) => keys.Hash(SealedAs, $"{number}/{hash}");
}
