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
    /// Claims requests whose alarm is due, each for one worker. The mapper cannot pass over rows that another holds.
    /// </summary>
    public const string ClaimAlarms = """
        select privacy_request_id as "Value" from privacy_requests where next_alarm_time <= {0}
        order by next_alarm_time limit {1} for update skip locked
        """;
}
