using Google.Protobuf;
using Kalisecu.Errors;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using NodaTime;
using NodaTime.Text;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Rights;

/// <summary>The wire's messages of rights, read and written.</summary>
internal static class RightsProto
{
    public static Guid ReadId(string id, string field)
    {
        var violations = new Violations();
        var read = Fields.Id(id, field, violations);
        violations.ThrowIfAny();
        return read;
    }

    public static (Guid RequestId, Guid PersonId) ReadCase(string requestId, string personId, Violations violations) =>
        (Fields.Id(requestId, "privacy_request_id", violations), Fields.Id(personId, "person_id", violations));

    public static ExportKind Read(V1.ExportKind kind, Violations violations) =>
        kind switch
        {
            V1.ExportKind.Access => ExportKind.Access,
            V1.ExportKind.Portability => ExportKind.Portability,
            _ => Unknown<ExportKind>("kind", violations),
        };

    public static Language Read(V1.ExportLanguage language, Violations violations) =>
        language switch
        {
            V1.ExportLanguage.Fr => Language.Fr,
            V1.ExportLanguage.En => Language.En,
            _ => Unknown<Language>("language", violations),
        };

    public static ExportFormat Read(V1.ExportFormat format, string field, Violations violations) =>
        format switch
        {
            V1.ExportFormat.Json => ExportFormat.Json,
            V1.ExportFormat.Html => ExportFormat.Html,
            V1.ExportFormat.Csv => ExportFormat.Csv,
            _ => Unknown<ExportFormat>(field, violations),
        };

    /// <summary>Left out, it is what people read: a page, or a table.</summary>
    public static ExportFormat ReadLinkFormat(V1.CreateExportRequest request, Violations violations) =>
        request.LinkFormat is not V1.ExportFormat.Unspecified ? Read(request.LinkFormat, "link_format", violations)
        : request.Kind is V1.ExportKind.Access ? ExportFormat.Html
        : ExportFormat.Csv;

    public static RestrictionGround Read(V1.RestrictionGround ground, Violations violations) =>
        ground switch
        {
            V1.RestrictionGround.Accuracy => RestrictionGround.Accuracy,
            V1.RestrictionGround.Unlawful => RestrictionGround.Unlawful,
            V1.RestrictionGround.Claims => RestrictionGround.Claims,
            V1.RestrictionGround.Objection => RestrictionGround.Objection,
            _ => Unknown<RestrictionGround>("ground", violations),
        };

    public static LocalDate ReadDate(string date, string field, Violations violations)
    {
        if (LocalDatePattern.Iso.Parse(date).TryGetValue(default, out var day))
        {
            return day;
        }

        violations.Add(field, "must be a day such as 2027-01-31");
        return default;
    }

    public static IReadOnlyDictionary<PersonField, string> Read(V1.RectifyPersonRequest request, Violations violations)
    {
        (PersonField Field, string Name, string Value)[] fields =
        [
            (PersonField.FirstName, "first_name", request.FirstName),
            (PersonField.LastName, "last_name", request.LastName),
            (PersonField.Email, "email", request.Email),
            (PersonField.Function, "function", request.Function),
            (PersonField.Phone, "phone", request.Phone),
        ];
        var values = new Dictionary<PersonField, string>();
        foreach (var (field, name, value) in fields.Where(f => f.Value.Length > 0))
        {
            values[field] = PersonProto.ReadField(field, value, name, violations);
        }

        violations.Check(values.Count > 0, "first_name", "or another field must be given");
        return values;
    }

    public static V1.DataExport Write(DataExport export)
    {
        var message = new V1.DataExport
        {
            ExportId = export.ExportId.ToString("D"),
            PrivacyRequestId = export.PrivacyRequestId.ToString("D"),
            PersonId = export.PersonId.ToString("D"),
            Kind = export.Kind is ExportKind.Access ? V1.ExportKind.Access : V1.ExportKind.Portability,
            Language = export.Language is Language.Fr ? V1.ExportLanguage.Fr : V1.ExportLanguage.En,
            ContentDigest = ByteString.CopyFrom(export.Digest),
            SizeBytes = (ulong)export.SizeBytes,
            RecordCount = (ulong)export.RecordCount,
            CreateTime = Fields.Write(export.CreateTime),
            ExpireTime = Fields.Write(export.ExpireTime),
        };
        if (export.RemoveTime is { } removed)
        {
            message.RemoveTime = Fields.Write(removed);
        }

        return message;
    }

    public static V1.Rectification Write(Rectification rectification)
    {
        var message = new V1.Rectification
        {
            RectificationId = rectification.RectificationId.ToString("D"),
            RecipientCount = (uint)rectification.Recipients,
        };
        message.Fields.AddRange(
            rectification.Fields.Select(f => new V1.RectifiedField
            {
                Field = Write(f.Field),
                ChangeCount = (uint)f.ChangeCount,
            })
        );
        return message;
    }

    public static V1.Restriction Write(Restriction restriction)
    {
        var message = new V1.Restriction
        {
            RestrictionId = restriction.RestrictionId.ToString("D"),
            PrivacyRequestId = restriction.PrivacyRequestId.ToString("D"),
            PersonId = restriction.PersonId.ToString("D"),
            Ground = restriction.Ground switch
            {
                RestrictionGround.Accuracy => V1.RestrictionGround.Accuracy,
                RestrictionGround.Unlawful => V1.RestrictionGround.Unlawful,
                RestrictionGround.Claims => V1.RestrictionGround.Claims,
                RestrictionGround.Objection => V1.RestrictionGround.Objection,
                _ => throw new InvalidOperationException($"No ground: {restriction.Ground}"),
            },
            RowCount = (uint)restriction.RowCount,
            CreateTime = Fields.Write(restriction.CreateTime),
            LiftDate = restriction.LiftDate is { } day ? LocalDatePattern.Iso.Format(day) : "",
            Etag = Etag.Write(restriction.Version),
        };
        if (restriction.AnnounceTime is { } announced)
        {
            message.AnnounceTime = Fields.Write(announced);
        }

        if (restriction.LiftTime is { } lifted)
        {
            message.LiftTime = Fields.Write(lifted);
        }

        return message;
    }

    public static V1.Objection Write(Objection objection, string grounds)
    {
        var message = new V1.Objection
        {
            ObjectionId = objection.ObjectionId.ToString("D"),
            PrivacyRequestId = objection.PrivacyRequestId.ToString("D"),
            PersonId = objection.PersonId.ToString("D"),
            Purpose = objection.Purpose,
            State = objection.State switch
            {
                ObjectionState.Open => V1.ObjectionState.Open,
                ObjectionState.Stopped => V1.ObjectionState.Stopped,
                ObjectionState.Overridden => V1.ObjectionState.Overridden,
                ObjectionState.Withdrawn => V1.ObjectionState.Withdrawn,
                _ => throw new InvalidOperationException($"No state: {objection.State}"),
            },
            CompellingGrounds = grounds,
            CreateTime = Fields.Write(objection.CreateTime),
            Etag = Etag.Write(objection.Version),
        };
        if (objection.DecideTime is { } decided)
        {
            message.DecideTime = Fields.Write(decided);
        }

        return message;
    }

    public static V1.RecipientNotice Write(RecipientNotice notice) =>
        new()
        {
            NoticeId = notice.NoticeId.ToString("D"),
            Cause = notice.CauseType switch
            {
                NoticeCause.Rectification => V1.NoticeCause.Rectification,
                NoticeCause.Restriction => V1.NoticeCause.Restriction,
                NoticeCause.Erasure => V1.NoticeCause.Erasure,
                _ => throw new InvalidOperationException($"No cause: {notice.CauseType}"),
            },
            CauseId = notice.CauseId.ToString("D"),
            PersonId = notice.PersonId.ToString("D"),
            Recipient = notice.Recipient,
            HasLetter = notice.LetterKey is not null,
            ToldDate = notice.ToldDate is { } told ? LocalDatePattern.Iso.Format(told) : "",
            CreateTime = Fields.Write(notice.CreateTime),
        };

    private static V1.PersonField Write(PersonField field) =>
        field switch
        {
            PersonField.FirstName => V1.PersonField.FirstName,
            PersonField.LastName => V1.PersonField.LastName,
            PersonField.Email => V1.PersonField.Email,
            PersonField.Function => V1.PersonField.Function,
            PersonField.Phone => V1.PersonField.Phone,
            _ => throw new InvalidOperationException($"No field: {field}"),
        };

    private static T Unknown<T>(string field, Violations violations)
    {
        violations.Add(field, "must be one of the named values");
        return default!;
    }
}
