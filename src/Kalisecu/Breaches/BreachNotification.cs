using Kalisecu.Persistence;
using NodaTime;

namespace Kalisecu.Breaches;

/// <summary>One notification to the CNIL: the file as it was finished, and what the CNIL answered.</summary>
internal sealed class BreachNotification
{
    private BreachNotification() { }

    public Guid TenantId { get; private init; }

    public Guid BreachId { get; private init; }

    /// <summary>1 for the first.</summary>
    public int Number { get; private init; }

    public bool Complete { get; private set; }

    public Instant FinishTime { get; private set; }

    /// <summary>The sealed file.</summary>
    public byte[] File { get; private set; } = [];

    public byte[] FileDigest { get; private set; } = [];

    public byte[]? DelayReasons { get; private set; }

    public Instant? SubmitTime { get; private set; }

    public string? ReceiptNumber { get; private set; }

    public bool IsInitial => Number == 1;

    public static BreachNotification New(Breach breach, int number) =>
        new()
        {
            TenantId = breach.TenantId,
            BreachId = breach.BreachId,
            Number = number,
        };

    /// <summary>Freezes the file; one that was not filed may be finished anew.</summary>
    public void Finish(bool complete, (byte[] Sealed, byte[] Digest) file, byte[]? delayReasons, Instant now)
    {
        Complete = complete;
        (File, FileDigest) = file;
        DelayReasons = delayReasons;
        FinishTime = Moment.Stored(now);
    }

    /// <summary>It was filed by hand at the CNIL.</summary>
    public void RecordReceipt(string receiptNumber, Instant submitTime, byte[]? delayReasons)
    {
        ReceiptNumber = receiptNumber;
        SubmitTime = Moment.Stored(submitTime);
        DelayReasons ??= delayReasons;
    }
}
