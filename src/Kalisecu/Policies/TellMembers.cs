using Kalisecu.Keys;
using Kalisecu.Letters;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenants;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Language = Kalisecu.Outbox.Language;

namespace Kalisecu.Policies;

/// <summary>
/// Writes one letter about a version to every active member of every open tenant, each sealed with its tenant's key, and
/// notes who was written to. Works platform-wide, a batch at a time: memory does not grow with the number of members.
/// </summary>
internal sealed class TellMembers(LetterTemplates templates, KeyRing keys)
{
    // Letters of some kilobytes: a few megabytes at a time.
    private const int Batch = 500;

    private const string Template = "policy-change";

    public async Task<int> RunAsync(
        KalisecuDb db,
        PolicyVersion version,
        Instant now,
        CancellationToken cancellationToken
    )
    {
        var texts = Enum.GetValues<Language>()
            .ToDictionary(language => language, language => Render(version, language));
        var (tenant, member, count) = (Guid.Empty, Guid.Empty, 0);
        while (true)
        {
            var batch = await NextAsync(db, tenant, member, cancellationToken);
            foreach (var recipient in batch)
            {
                Write(db, version, recipient, texts[recipient.Language], now);
            }

            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
            count += batch.Count;
            if (batch.Count < Batch)
            {
                return count;
            }

            (tenant, member) = (batch[^1].TenantId, batch[^1].MemberId);
        }
    }

    private static Task<List<Recipient>> NextAsync(
        KalisecuDb db,
        Guid tenant,
        Guid member,
        CancellationToken cancellationToken
    )
    {
        var members = db.Set<Member>()
            .AsNoTracking()
            .Where(m =>
                m.State == MemberState.Active
                && EF.Functions.GreaterThan(
                    ValueTuple.Create(m.TenantId, m.MemberId),
                    ValueTuple.Create(tenant, member)
                )
            );
        return (
            from m in members
            join t in db.Set<Tenant>() on m.TenantId equals t.TenantId
            join p in db.Set<RegisteredPerson>()
                on new { m.TenantId, PersonId = m.MemberId } equals new { p.TenantId, p.PersonId }
            where t.State == TenantState.Open
            orderby m.TenantId, m.MemberId
            select new Recipient(m.TenantId, m.MemberId, m.Email, p.Language)
        )
            .Take(Batch)
            .ToListAsync(cancellationToken);
    }

    private void Write(KalisecuDb db, PolicyVersion version, Recipient recipient, LetterText text, Instant now)
    {
        var key = keys.For(recipient.TenantId);
        var draft = new LetterDraft(
            $"policy/{version.Number}/{recipient.MemberId:D}",
            "policy.changed",
            LetterNature.Service,
            recipient.MemberId,
            key.DecryptText(recipient.Email, "email", recipient.MemberId),
            recipient.Language,
            text,
            "policy",
            PolicyIds.Of(version.Number)
        );
        var letter = Letter.Write(recipient.TenantId, draft, key, now);
        db.Add(letter);
        db.Add(
            new PolicyNotice
            {
                TenantId = recipient.TenantId,
                Number = version.Number,
                MemberId = recipient.MemberId,
                LetterId = letter.LetterId,
                CreateTime = letter.CreateTime,
            }
        );
    }

    private LetterText Render(PolicyVersion version, Language language) =>
        templates.Render(
            Template,
            language,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["effect"] = version.EffectDate,
                ["summary"] = version.Summary(language),
                ["number"] = version.Number,
            }
        );

    private sealed record Recipient(Guid TenantId, Guid MemberId, byte[] Email, Language Language);
}
