using Kalisecu.Errors;
using Kalisecu.Persistence;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Breaches;

/// <summary>Notifications to the CNIL in phases (GDPR art. 33(1), (3) and (4)): the file is frozen, then filed by hand.</summary>
internal sealed class NotifyAuthority(BreachRecords records, NotificationFile files, IClock clock)
{
    /// <summary>A file that was finished, or what the next one would be now (number 0).</summary>
    public async Task<FinishedFile> ReadAsync(
        KalisecuDb db,
        Breach breach,
        int number,
        CancellationToken cancellationToken
    )
    {
        var notifications = await BreachRecords.NotificationsAsync(db, breach.BreachId, cancellationToken);
        if (number == 0)
        {
            if (breach.Phases.AwareTime is null)
            {
                throw BreachErrors.NotAware(breach.BreachId);
            }

            return files.Write(breach, notifications, Next(notifications), "", clock.GetCurrentInstant()).Finish();
        }

        var found =
            notifications.Find(n => n.Number == number)
            ?? throw GeneralErrors.NotFound("breach_notification", breach.BreachId);
        return FinishedFile.Read(records.Open(found.File, "file", breach.BreachId));
    }

    public async Task FinishAsync(
        KalisecuDb db,
        Breach breach,
        bool complete,
        string delayReasons,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        breach.RequireToNotify();
        var notifications = await BreachRecords.NotificationsAsync(db, breach.BreachId, cancellationToken);
        var number = Next(notifications);
        if (number == 1 && breach.IsLate(now) && delayReasons.Length == 0)
        {
            throw BreachErrors.DelayReasonsMissing(breach.BreachId, breach.Phases.DueTime!.Value);
        }

        var document = files.Write(breach, notifications, number, delayReasons, now);
        // An exercise goes on, whatever it found missing: its file is never filed.
        if (complete && !breach.Drill && document.Missing is { Count: > 0 } missing)
        {
            throw BreachErrors.NotificationIncomplete(breach.BreachId, missing);
        }

        var notification = notifications.Find(n => n.Number == number);
        if (notification is null)
        {
            notification = BreachNotification.New(breach, number);
            db.Add(notification);
        }

        var file = document.Finish();
        notification.Finish(
            complete,
            (records.Seal(file.ToJson(), "file", breach.BreachId)!, file.Digest()),
            records.Seal(delayReasons, "delay_reasons", breach.BreachId),
            now
        );
        breach.Touch(now);
        await records.RecordAsync(
            db,
            breach,
            "notification_finished",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["number"] = number,
                ["complete"] = complete,
                ["late"] = number == 1 && breach.IsLate(now),
                ["missing_count"] = document.Missing.Count,
                ["file_digest"] = Convert.ToHexStringLower(notification.FileDigest),
            },
            cancellationToken
        );
    }

    public async Task RecordReceiptAsync(
        KalisecuDb db,
        Breach breach,
        (string Number, Instant SubmitTime, string DelayReasons) receipt,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        breach.RequireToNotify();
        var notifications = await BreachRecords.NotificationsAsync(db, breach.BreachId, cancellationToken);
        if (notifications is not [.., { SubmitTime: null } notification])
        {
            throw BreachErrors.NothingToFile(breach.BreachId);
        }

        BreachRecords.RequireBetween(receipt.SubmitTime, notification.FinishTime, now, "submit_time");
        var late = notification.IsInitial && receipt.SubmitTime > breach.Phases.DueTime;
        if (late && notification.DelayReasons is null && receipt.DelayReasons.Length == 0)
        {
            throw BreachErrors.DelayReasonsMissing(breach.BreachId, breach.Phases.DueTime!.Value);
        }

        notification.RecordReceipt(
            receipt.Number,
            receipt.SubmitTime,
            records.Seal(receipt.DelayReasons, "delay_reasons", breach.BreachId)
        );
        breach.RecordFiling(notification, now);
        await records.RecordAsync(
            db,
            breach,
            "notified",
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["number"] = notification.Number,
                ["receipt_number"] = receipt.Number,
                ["submit_time"] = InstantPattern.ExtendedIso.Format(notification.SubmitTime!.Value),
                ["late"] = late,
            },
            cancellationToken
        );
    }

    // One that was finished and not filed is finished anew.
    private static int Next(List<BreachNotification> notifications) =>
        notifications is [.., { SubmitTime: null } open] ? open.Number : notifications.Count + 1;
}
