using Google.Protobuf;
using Google.Protobuf.Collections;
using Kalisecu.Errors;
using Kalisecu.Keys;
using NodaTime;

namespace Kalisecu.Tenants;

internal static class AuthorisationProto
{
    // Our own margin: a permission that nobody has looked at for two years is not one to test on.
    private const int MaximumYears = 2;

    public static AuthorisationDraft Read(V1.AuthorisationHeader header, Instant now)
    {
        var violations = new Violations();
        var start = Fields.OptionalTime(header.StartTime, "start_time", violations);
        var end = Fields.Time(header.EndTime, "end_time", violations);
        if (header.EndTime is not null && !violations.Any)
        {
            var from = (start ?? now).InUtc().LocalDateTime;
            var latest = from.PlusYears(MaximumYears).InUtc().ToInstant();
            violations.Check(
                end > (start ?? now) && end <= latest,
                "end_time",
                "must be later than start_time, at most two years"
            );
            violations.Check(end > now, "end_time", "must lie in the future");
        }

        var draft = new AuthorisationDraft(
            Fields.Id(header.SiteId, "site_id", violations),
            Fields.Line(header.SignerName, "signer_name", 1, 200, violations),
            MemberProto.ReadEmail(header.SignerEmail, "signer_email", violations),
            Fields.Text(header.SignerFunction, "signer_function", 1, 200, violations),
            ReadOrigins(header.Origins, violations),
            start,
            end
        );
        violations.ThrowIfAny();
        return draft;
    }

    public static (Guid AuthorisationId, string Reason) Read(V1.RevokeAuthorisationRequest request)
    {
        var violations = new Violations();
        var read = (
            Fields.Id(request.AuthorisationId, "authorisation_id", violations),
            Fields.Text(request.Reason, "reason", 1, 500, violations)
        );
        violations.ThrowIfAny();
        return read;
    }

    public static Guid ReadId(string authorisationId)
    {
        var violations = new Violations();
        var id = Fields.Id(authorisationId, "authorisation_id", violations);
        violations.ThrowIfAny();
        return id;
    }

    public static IReadOnlyList<AuthorisationState> ReadStates(
        IEnumerable<V1.AuthorisationState> states,
        Violations violations
    )
    {
        var read = new List<AuthorisationState>();
        foreach (var state in states)
        {
            if (
                violations.Check(
                    state != V1.AuthorisationState.Unspecified && Enum.IsDefined(state),
                    "states",
                    "must be of the named values"
                )
            )
            {
                read.Add(
                    state switch
                    {
                        V1.AuthorisationState.Pending => AuthorisationState.Pending,
                        V1.AuthorisationState.InForce => AuthorisationState.InForce,
                        V1.AuthorisationState.Expired => AuthorisationState.Expired,
                        V1.AuthorisationState.Revoked => AuthorisationState.Revoked,
                        _ => throw new InvalidOperationException($"No state: {state}"),
                    }
                );
            }
        }

        return read;
    }

    public static V1.Authorisation Write(Authorisation authorisation, DataKey key, Instant now)
    {
        var id = authorisation.AuthorisationId;
        var written = new V1.Authorisation
        {
            AuthorisationId = id.ToString("D"),
            SiteId = authorisation.SiteId.ToString("D"),
            Origins = { authorisation.Origins },
            StartTime = Fields.Write(authorisation.StartTime),
            EndTime = Fields.Write(authorisation.EndTime),
            DocumentDigest = ByteString.CopyFrom(authorisation.DocumentDigest),
            DocumentSizeBytes = (ulong)authorisation.DocumentSizeBytes,
            CreateTime = Fields.Write(authorisation.CreateTime),
            State = authorisation.StateAt(now) switch
            {
                AuthorisationState.Pending => V1.AuthorisationState.Pending,
                AuthorisationState.InForce => V1.AuthorisationState.InForce,
                AuthorisationState.Expired => V1.AuthorisationState.Expired,
                AuthorisationState.Revoked => V1.AuthorisationState.Revoked,
                var other => throw new InvalidOperationException($"No state: {other}"),
            },
        };
        if (authorisation.Signer is { } signer)
        {
            written.SignerId = signer.PersonId.ToString("D");
            written.SignerName = key.DecryptText(signer.Name, "signer_name", id);
            written.SignerEmail = key.DecryptText(signer.Email, "signer_email", id);
            written.SignerFunction = key.DecryptText(signer.Function, "signer_function", id);
        }

        if (authorisation is { RevokeTime: { } revoked, RevokeReason: { } reason })
        {
            written.RevokeTime = Fields.Write(revoked);
            written.RevokeReason = key.DecryptText(reason, "revoke_reason", id);
        }

        return written;
    }

    private static List<string> ReadOrigins(RepeatedField<string> origins, Violations violations)
    {
        violations.Check(origins.Count <= 100, "origins", "must be at most 100");
        var read = new List<string>();
        for (var i = 0; i < origins.Count; i++)
        {
            if (WebAddress.NormaliseOrigin(origins[i].Trim()) is { } origin)
            {
                read.Add(origin);
            }
            else
            {
                violations.Add($"origins[{i}]", "must be http(s)://host[:port], without path or wildcard");
            }
        }

        return [.. read.Distinct(StringComparer.Ordinal)];
    }
}
