using Google.Protobuf;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Retention;

/// <summary>Rules, certificates and clients on the wire.</summary>
internal static class RetentionProto
{
    private const int DefaultDays = 30;
    private const int MaximumDays = 366;

    public static int ReadDays(int days)
    {
        var violations = new Violations();
        violations.Check(days is >= 0 and <= MaximumDays, "days", $"must be 0 to {MaximumDays}");
        violations.ThrowIfAny();
        return days == 0 ? DefaultDays : days;
    }

    public static V1.RetentionRule Write(KeepingRule rule) =>
        new()
        {
            Name = rule.Name,
            Version = rule.Version,
            Clause = rule.Clause,
            Category = rule.Category.ToString(),
            StartingEvent = rule.StartingEvent,
            Period = PeriodPattern.Roundtrip.Format(rule.Period.Length),
            PeriodVersion = rule.Period.Version,
            Action = Enum.Parse<V1.RetentionAction>(rule.Action.ToString()),
            Tables = { rule.Tables },
        };

    public static V1.RetentionOutlook Write(RuleOutlook outlook)
    {
        var written = new V1.RetentionOutlook
        {
            Rule = outlook.Rule.Name,
            Clause = outlook.Rule.Clause,
            Count = outlook.Count ?? 0,
        };
        if (outlook.CountTime is { } counted)
        {
            written.CountTime = Fields.Write(counted);
        }

        return written;
    }

    public static V1.RetentionSweep Write(RetentionSweep sweep)
    {
        var written = new V1.RetentionSweep
        {
            SweepId = sweep.SweepId.ToString("D"),
            Rule = sweep.Rule,
            RuleVersion = sweep.RuleVersion,
            PeriodVersion = sweep.Period,
            Clause = sweep.Clause,
            OfTenantId = WriteTenant(sweep.OfTenantId),
            EndedBefore = Fields.Write(sweep.EndedBefore),
            RowCount = sweep.RowCount,
            ObjectCount = sweep.ObjectCount,
            Digest = ByteString.CopyFrom(sweep.Digest),
            StartTime = Fields.Write(sweep.StartTime),
        };
        if (sweep.EndTime is { } end)
        {
            written.EndTime = Fields.Write(end);
        }

        return written;
    }

    public static V1.ClientRetention Write(ClientRetention client)
    {
        var written = new V1.ClientRetention
        {
            TenantId = client.Tenant.TenantId.ToString("D"),
            LastDate = Write(client.LastDate),
            DeleteDate = Write(client.DeleteDate),
            Held = client.IsHeld,
        };
        if (client.Tenant.CloseTime is { } closed)
        {
            written.CloseTime = Fields.Write(closed);
        }

        if (client.Archive is { } archive)
        {
            written.Archive = Write(archive);
        }

        return written;
    }

    public static V1.Archive Write(ClientArchive archive)
    {
        var written = new V1.Archive
        {
            ArchiveId = archive.ArchiveId.ToString("D"),
            State = Enum.Parse<V1.ArchiveState>(archive.State.ToString()),
            RequestTime = Fields.Write(archive.RequestTime),
            SizeBytes = archive.SizeBytes,
            Digest = ByteString.CopyFrom(archive.Digest ?? []),
        };
        if (archive.WriteTime is { } moved)
        {
            written.WriteTime = Fields.Write(moved);
            written.DeleteDate = Write(CalendarPeriod.Archive.GoesOn(Paris.DateOf(moved)));
        }

        return written;
    }

    public static string WriteTenant(Guid tenantId) => tenantId == TenantScope.Platform ? "" : tenantId.ToString("D");

    public static string Write(LocalDate? date) => date is { } day ? LocalDatePattern.Iso.Format(day) : "";
}
