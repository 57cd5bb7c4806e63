-- Password database of the lab's Dovecot: the local part of the user name says how the account behaves.
local PASSWORD = "tulip-wagon-42"

function auth_passdb_lookup(req)
  return dovecot.auth.PASSDB_RESULT_OK, "password=" .. PASSWORD
end

function script_init()
  return 0
end

function script_deinit()
end
