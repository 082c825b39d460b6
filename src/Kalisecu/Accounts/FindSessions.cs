using Kalisecu.Access;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>Open sessions as their person, or an administrator, may see and end them.</summary>
internal sealed class FindSessions(People people, IClock clock)
{
    public async Task<V1.Session> OwnAsync(KalisecuDb db, Person person, CancellationToken cancellationToken)
    {
        var tenantId = OwnCredential.TenantOf(person);
        var session = await db.Set<Session>()
            .AsNoTracking()
            .SingleOrDefaultAsync(
                s => s.TenantId == tenantId && s.SessionId == person.SessionId && s.EndTime == null,
                cancellationToken
            );
        var card = await people.FindAsync(db, tenantId, person.PersonId, cancellationToken);
        return session is null || card is null
            ? throw AccessErrors.SessionNotValid()
            : SessionProto.Write(session, card);
    }

    /// <summary>Newest first.</summary>
    public async Task<V1.ListSessionsResponse> ListAsync(
        KalisecuDb db,
        Guid personId,
        PageRequest page,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var open = db.Set<Session>()
            .AsNoTracking()
            .Where(s => s.PersonId == personId && s.EndTime == null && s.ExpireTime > now);
        if (page.After is [var last])
        {
            // Identifiers are UUIDv7: their order is that of create_time.
            var after = PageKeys.Id(last);
            open = open.Where(s => s.SessionId.CompareTo(after) < 0);
        }

        var sessions = await open.OrderByDescending(s => s.SessionId)
            .Take(page.Size + 1)
            .ToListAsync(cancellationToken);
        var response = new V1.ListSessionsResponse();
        if (sessions.Count == 0)
        {
            return response;
        }

        var card = await people.FindAsync(db, sessions[0].TenantId, personId, cancellationToken);
        if (card is null)
        {
            return response;
        }

        response.Sessions.AddRange(sessions.Take(page.Size).Select(s => SessionProto.Write(s, card)));
        response.NextPageToken = PageKeys.Next(page, sessions, last => [last.SessionId.ToString("D")]);

        return response;
    }

    /// <summary>Ends a session at once; an ended one stays as it is. Another person's is as absent, except for administrators.</summary>
    public async Task EndAsync(KalisecuDb db, Person person, Guid sessionId, CancellationToken cancellationToken)
    {
        var session = await db.Set<Session>().SingleOrDefaultAsync(s => s.SessionId == sessionId, cancellationToken);
        if (session is null || (session.PersonId != person.PersonId && person.Role is not Role.StaffAdministrator))
        {
            throw GeneralErrors.NotFound("session", sessionId);
        }

        session.End(clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await Revocations.PublishAsync(db, Revocations.Session(sessionId), cancellationToken);
    }
}
