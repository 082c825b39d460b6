using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>The states of <see cref="Authorisation.StateAt"/> as the database can ask for them.</summary>
internal static class AuthorisationStates
{
    /// <summary>Those in one of these states now; all when none is named.</summary>
    public static IQueryable<Authorisation> Only(
        IQueryable<Authorisation> query,
        IReadOnlyList<AuthorisationState> states,
        Instant now
    )
    {
        if (states.Count == 0)
        {
            return query;
        }

        var revoked = states.Contains(AuthorisationState.Revoked);
        var pending = states.Contains(AuthorisationState.Pending);
        var inForce = states.Contains(AuthorisationState.InForce);
        var expired = states.Contains(AuthorisationState.Expired);
        return query.Where(a =>
            (revoked && a.RevokeTime != null)
            || (
                a.RevokeTime == null
                && (
                    (pending && a.StartTime > now)
                    || (inForce && a.StartTime <= now && a.EndTime > now)
                    || (expired && a.StartTime <= now && a.EndTime <= now)
                )
            )
        );
    }
}
