"""WeCom: the application, its contacts, customer contact and KF."""
