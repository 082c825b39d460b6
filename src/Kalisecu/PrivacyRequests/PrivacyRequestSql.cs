namespace Kalisecu.PrivacyRequests;

internal static class PrivacyRequestSql
{
    /// <summary>
    /// Holds a request until the commit: guesses of a code that come at once are counted one after the other. The mapper has
    /// no row locks.
    /// </summary>
    public const string Lock = """
        select privacy_request_id as "Value" from privacy_requests where tenant_id = {0} and privacy_request_id = {1} for update
        """;

    /// <summary>
    /// Open requests whose extension was written and whose notice has been sent since, each for one worker. The mapper has no
    /// row locks.
    /// </summary>
    public const string ClaimNotified = """
        select r.privacy_request_id as "Value" from privacy_requests r
        where r.extend_time is not null and r.extend_notice_time is null and r.close_time is null
            and exists (select from letters l where l.tenant_id = r.tenant_id and l.cause_id = r.privacy_request_id
                and l.kind = 'privacy_request.extension' and l.state = 'Sent')
        limit {0} for update of r skip locked
        """;

    /// <summary>
    /// Claims requests whose alarm is due, each for one worker. The mapper cannot pass over rows that another holds.
    /// </summary>
    public const string ClaimAlarms = """
        select privacy_request_id as "Value" from privacy_requests where next_alarm_time <= {0}
        order by next_alarm_time limit {1} for update skip locked
        """;
}
