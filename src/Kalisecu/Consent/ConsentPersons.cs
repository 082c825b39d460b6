using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Consent;

/// <summary>Whether the ledger may speak of somebody. Row security hides whoever is restricted.</summary>
internal static class ConsentPersons
{
    /// <summary>Refuses, in the words for absent things, whom nobody knows here, and who is restricted or erased.</summary>
    public static async Task RequireAsync(
        KalisecuDb db,
        Guid tenantId,
        Guid personId,
        CancellationToken cancellationToken
    )
    {
        var isThere = await db
            .Database.SqlQuery<bool>(
                $"""
                select exists (select from persons
                    where tenant_id = {tenantId} and person_id = {personId} and erase_time is null) as "Value"
                """
            )
            .SingleAsync(cancellationToken);
        if (!isThere)
        {
            throw ConsentErrors.PersonAbsent(personId);
        }
    }
}
