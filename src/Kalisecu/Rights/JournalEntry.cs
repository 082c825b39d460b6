using System.Security.Cryptography;
using System.Text.Json;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Rights;

internal enum JournalEvent
{
    /// <summary>The first deletion comes after this entry, never before.</summary>
    Begun,

    /// <summary>Every store has acknowledged, and the database holds the receipts.</summary>
    Completed,
}

/// <summary>One line of the journal, opened.</summary>
internal sealed record JournalEntry(JournalEvent Event, Guid ErasureId, Guid PrivacyRequestId, PersonRef Person)
{
    private const string SealedAs = "erasure_journal";

    public static JournalEntry Of(JournalEvent @event, Erasure erasure) =>
        new(@event, erasure.ErasureId, erasure.PrivacyRequestId, erasure.Person);

    public string Seal(DataKey key) =>
        Convert.ToBase64String(key.Encrypt(JsonSerializer.SerializeToUtf8Bytes(this), SealedAs, Guid.Empty));

    public static JournalEntry Open(string text, DataKey key) =>
        JsonSerializer.Deserialize<JournalEntry>(key.Decrypt(Convert.FromBase64String(text), SealedAs, Guid.Empty))
        ?? throw new JsonException("An entry of the journal of erasures is empty.");
}

/// <summary>A line as it stands in the file: sealed, numbered, chained to the one before.</summary>
internal sealed record JournalLine(long Number, string Time, string Sealed, string Previous, string Hash)
{
    public static readonly string NoHash = new('0', 2 * SHA256.HashSizeInBytes);

    public static JournalLine After(JournalLine? last, Instant now, string sealedEntry, KeyRing keys)
    {
        var (number, previous) = last is null ? (1, NoHash) : (last.Number + 1, last.Hash);
        var time = InstantPattern.General.Format(now);
        return new JournalLine(number, time, sealedEntry, previous, HashOf(number, time, sealedEntry, previous, keys));
    }

    /// <summary>Whether it is unchanged and follows this one.</summary>
    public bool Follows(JournalLine? last, KeyRing keys) =>
        Number == (last?.Number ?? 0) + 1
        && string.Equals(Previous, last?.Hash ?? NoHash, StringComparison.Ordinal)
        && string.Equals(Hash, HashOf(Number, Time, Sealed, Previous, keys), StringComparison.Ordinal);

    // Under a key: whoever can write the file cannot write a chain that holds.
    private static string HashOf(long number, string time, string sealedEntry, string previous, KeyRing keys) =>
        Convert.ToHexStringLower(
            keys.Hash("erasure_journal.line", string.Join('\n', number, time, sealedEntry, previous))
        );
}
