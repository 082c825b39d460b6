using Kalisecu.Findings;
using Kalisecu.TestKit;

namespace Kalisecu.IntegrationTests.Access;

/// <summary>One tenant with a row of everything, so that each identifier in a request can name something real.</summary>
internal sealed class MatrixWorld
{
    private readonly Dictionary<string, Guid> _ids = new(StringComparer.Ordinal);

    public Guid Tenant => _ids["tenant_id"];

    public Guid Agent => _ids["agent_id"];

    public IEnumerable<Guid> Ids => _ids.Values.Distinct();

    /// <summary>The row that a field of this name can point to.</summary>
    public Guid Of(string field) =>
        Knows(field) ? _ids[field] : throw new InvalidOperationException($"cannot judge: MatrixWorld has no {field}");

    public bool Knows(string field) => _ids.ContainsKey(field);

    public static async Task<MatrixWorld> CreateAsync(Given given)
    {
        var world = new MatrixWorld();
        var ids = world._ids;
        var tenant = ids["tenant_id"] = await given.TenantAsync();
        var site = ids["site_id"] = await given.SiteAsync(tenant);
        ids["authorisation_id"] = await given.AuthorisationAsync(tenant, site, "https://shop.example.fr");
        var agent = ids["agent_id"] = await given.AgentAsync(tenant);
        (ids["scan_id"], ids["lease_id"]) = await given.LeaseAsync(tenant, site, agent);
        foreach (var made in (string[])["finding_id", "occurrence_id", "observation_id", "credential_id", "member_id"])
        {
            ids[made] = Guid.CreateVersion7();
        }

        ids["credential_ids"] = ids["credential_id"];
        ids["occurrence_ids"] = ids["occurrence_id"];
        ids["person_id"] = ids["account_id"] = ids["member_id"];
        ids["event_id"] = Guid.CreateVersion7();
        ids["object_id"] = ids["finding_id"];
        ids["session_id"] = ids["report_id"] = Guid.CreateVersion7();
        ids["privacy_request_id"] = ids["original_id"] = Guid.CreateVersion7();
        foreach (var made in (string[])["export_id", "restriction_id", "objection_id", "erasure_id", "notice_id"])
        {
            ids[made] = Guid.CreateVersion7();
        }

        await world.WriteAsync(given);
        await world.WriteRightsAsync(given);
        return world;
    }

    private async Task WriteRightsAsync(Given given)
    {
        await given.RunAsync(
            """
            insert into data_exports (tenant_id, export_id, privacy_request_id, person_id, person_kind, kind, language, digest,
                object_name, size_bytes, record_count, create_time, expire_time)
            values ($1, $2, $3, $4, 'Member', 'Access', 'Fr', sha256('none'), 'none', 1, 1, now(), now() + interval '1 day')
            """,
            Tenant,
            Of("export_id"),
            Of("privacy_request_id"),
            Of("person_id")
        );
        await given.RunAsync(
            """
            insert into restrictions (tenant_id, restriction_id, privacy_request_id, person_id, person_kind, ground, row_count,
                create_time)
            values ($1, $2, $3, $4, 'Member', 'Accuracy', 1, now())
            """,
            Tenant,
            Of("restriction_id"),
            Of("privacy_request_id"),
            Of("person_id")
        );
        await given.RunAsync(
            """
            insert into erasures (tenant_id, erasure_id, privacy_request_id, person_id, person_kind, state, plan_time, plan_actor)
            values ($1, $2, $3, $4, 'Member', 'Planned', now(), 'staff:test')
            """,
            Tenant,
            Of("erasure_id"),
            Of("privacy_request_id"),
            Of("person_id")
        );
        await given.RunAsync(
            """
            insert into objections (tenant_id, objection_id, privacy_request_id, person_id, person_kind, purpose, state,
                create_time)
            values ($1, $2, $3, $4, 'Member', 'direct_marketing', 'Open', now())
            """,
            Tenant,
            Of("objection_id"),
            Of("privacy_request_id"),
            Of("person_id")
        );
        await given.RunAsync(
            """
            insert into recipient_notices (tenant_id, notice_id, cause_type, cause_id, privacy_request_id, person_id, recipient,
                create_time)
            values ($1, $2, 'Erasure', $3, $4, $5, 'OVH SAS', now() - interval '2 days')
            """,
            Tenant,
            Of("notice_id"),
            Of("erasure_id"),
            Of("privacy_request_id"),
            Of("person_id")
        );
    }

    private async Task WriteAsync(Given given)
    {
        var key = given.KeyOf(Tenant);
        await given.RunAsync(
            """
            insert into findings (tenant_id, finding_id, site_id, check_name, severity, state, title, description, cwe_numbers,
                reference_urls, open_occurrence_count, open_time)
            values ($1, $2, $3, 'zap:10038', 3, 'Open', 'Secret title', 'Secret description', '{}', '{}', 1, now())
            """,
            Tenant,
            Of("finding_id"),
            Of("site_id")
        );
        await given.RunAsync(
            """
            insert into occurrences (tenant_id, finding_id, occurrence_id, tool, open_scan_id, site_id, open_time, place,
                exchange)
            values ($1, $2, $3, 'zap', $4, $5, now(), 'https://secret.example.fr/', $6)
            """,
            Tenant,
            Of("finding_id"),
            Of("occurrence_id"),
            Of("scan_id"),
            Of("site_id"),
            key.Encrypt("GET /secret"u8, Occurrence.ExchangeIsA, Of("occurrence_id"))
        );
        await given.RunAsync(
            """
            insert into site_credentials (tenant_id, credential_id, site_id, name, login_url, user_name, secret, create_time,
                update_time)
            values ($1, $2, $3, 'shop', 'https://secret.example.fr/', $4, $5, now(), now())
            """,
            Tenant,
            Of("credential_id"),
            Of("site_id"),
            key.EncryptText("secret user", "user_name", Of("credential_id")),
            key.EncryptText("secret", "secret", Of("credential_id"))
        );
        await given.RunAsync(
            """
            insert into reports (tenant_id, report_id, site_id, title, language, summary, moment_time, state, create_time,
                publish_time, version, digest, object_name, size_bytes, critical_count, high_count, medium_count, low_count,
                info_count, occurrence_count, observation_count)
            values ($1, $2, $3, 'Secret report', 'Fr', 'Secret', now(), 'Published', now(), now(), 1, $4, 'none', 1,
                0, 0, 0, 0, 0, 0, 0)
            """,
            Tenant,
            Of("report_id"),
            Of("site_id"),
            new byte[32]
        );
        await given.RunAsync(
            """
            insert into members (tenant_id, member_id, email, email_hash, first_name, last_name, role, state, create_time)
            values ($1, $2, $3, $4, $5, $6, 'Reader', 'Active', now())
            """,
            Tenant,
            Of("member_id"),
            key.EncryptText("secret@client.example", "email", Of("member_id")),
            Of("member_id").ToByteArray(),
            key.EncryptText("Secret", "first_name", Of("member_id")),
            key.EncryptText("Secret", "last_name", Of("member_id"))
        );
        await given.RunAsync(
            """
            insert into persons (tenant_id, person_id, kind, email_hash, language, create_time)
            values ($1, $2, 'Member', sha256($3), 'Fr', now())
            """,
            Tenant,
            Of("person_id"),
            Of("person_id").ToByteArray()
        );
        await given.RunAsync(
            """
            insert into consent_events (tenant_id, event_id, person_id, purpose, number, kind, text_version, text_digest,
                language, channel, event_time, record_time, actor, digest)
            values ($1, $2, $3, 'direct_marketing', 1, 'Given', 1, $4, 'Fr', 'Paper', now(), now(), 'secret', $4)
            """,
            Tenant,
            Of("event_id"),
            Of("person_id"),
            new byte[32]
        );
        await given.RunAsync(
            """
            insert into sessions (tenant_id, session_id, token_hash, person_id, role, multi_factor, frontend, create_time,
                use_time, expire_time)
            values ($1, $2, sha256($3), $4, 'MemberReader', true, 'dashboard', now(), now(), now() + interval '8 hours')
            """,
            Tenant,
            Of("session_id"),
            Of("session_id").ToByteArray(),
            Of("member_id")
        );
    }
}
